// The processes of this machine, as far as /proc shows them.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace framespec::conformance {

/// The ids of all; empty where there is no /proc.
[[nodiscard]] std::vector<pid_t> all_processes();

/// `ancestor` and all that it has started, directly or not.
[[nodiscard]] std::vector<pid_t> descendants_of(pid_t ancestor);

/// What a process calls itself: the first 15 bytes of its program's name, unless it has chosen
/// another one. "?" when it is gone. Its command line, which may hold a password, is left alone.
[[nodiscard]] std::string name_of_process(pid_t pid);

}  // namespace framespec::conformance
