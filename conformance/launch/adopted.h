// What a testee leaves behind that has ended its own guard: children of ours, then.
#pragma once

#include <sys/types.h>

#include <chrono>

namespace framespec::conformance {

/// Makes this process the one that adopts what loses its parent (PR_SET_CHILD_SUBREAPER), as long
/// as no guard is nearer, and has it told of their ends. The children that it has by then are none
/// of ours: whoever ran this program (exec) has left them to it.
void adopt_orphans();

/// A child of ours that is no orphan: a guard, from its fork() until it has been waited for.
void note_guard(pid_t guard);
void forget_guard(pid_t guard);

/// Ends all children that have become ours since, but for guards, and theirs, by SIGKILL, and waits
/// for them, for at most `limit`: only a process in the middle of a device's work takes its time.
/// Only for a program that starts no other processes than testees.
void end_adopted(std::chrono::milliseconds limit);

}  // namespace framespec::conformance
