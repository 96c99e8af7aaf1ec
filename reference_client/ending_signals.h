// A signal that ends the process leaves no part of a file behind.
#pragma once

#include <string>

#include "console.h"

namespace framespec::client {

/// From here on every signal that would end the process removes the marked file, says on standard
/// error that it has ended the process, and then does end it: the caller sees the death by that
/// very signal. Left as they are: a signal that is ignored or handled already (nohup has asked for
/// that), those that only a fault of the program itself sends (SIGSEGV and its like, whose core
/// should be that of the fault), and SIGKILL. SIGPIPE and SIGXFSZ that our own writing has caused
/// do nothing: the writing fails and says why. To be called once, in the main thread.
void clean_up_on_ending_signals(const Console& console);

/// The file that such a signal removes; one at a time, a later one takes the place of an earlier.
/// It must be called with signals held (signals_held.h) since before the file was made, so that no
/// moment is left in which the file is there and not marked.
void mark_for_removal(const std::string& path);

/// The file has got its name, or is gone: if `path` is the marked one, nothing is removed any more.
/// `is_stored` is for what the user is told. With signals held, as above.
void unmark(const std::string& path, bool is_stored);

}  // namespace framespec::client
