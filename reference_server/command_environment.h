// What commands get to see of the server's environment.
#pragma once

#include <string>
#include <vector>

namespace framespec::server {

/// "NAME=value" each, and no others: PATH as the server has it (/bin:/usr/bin if it has none), HOME
/// if the server has one, and LANG=C.UTF-8, so that output is the same wherever the server runs.
std::vector<std::string> command_environment();

}  // namespace framespec::server
