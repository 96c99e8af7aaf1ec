// A whole run of the client, from connecting to the exit code.
#pragma once

#include "options.h"

namespace framespec::client {

/// Carries out what `options` ask for and reports failures on standard error; returns the exit
/// code. While a file is being stored, SIGINT, SIGTERM, SIGHUP and SIGQUIT first remove the
/// temporary file; then, as for every other command, they end the process. Changes how the process
/// treats SIGPIPE and SIGXFSZ: the writes that would raise them fail instead, and are reported.
int run(const Options& options);

}  // namespace framespec::client
