// Several things that wait for others most of their time, done side by side in one thread.
//
//   run_side_by_side(2, {[] { talk_to(first); }, [] { talk_to(second); }});
//
// Each task is written as if it were alone, and blocks where it waits: by the functions below,
// which let the other tasks go on meanwhile, and outside of a task block the thread as ever.
// Nothing else changes tasks, so that between two waits a task needs no lock.
#pragma once

#include <poll.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <span>

namespace framespec::os {

struct DiagQuestion;

/// Carries the tasks out in this order, at most `at_once` (at least 1) of them begun and not ended.
/// Returns when all have ended, and throws then what the first of them threw that did. Not from
/// inside of a task.
void run_side_by_side(std::size_t at_once, std::span<const std::function<void()>> tasks);

/// poll(2), for at most so long. Negative descriptors are passed over.
int wait_for(std::span<pollfd> entries, std::chrono::nanoseconds at_most);

/// Lets others have the processor for a moment: tasks and other processes.
void give_way();

/// From inside of a task: has the kernel asked together with what the other tasks ask at this
/// moment, by one request. False, and nothing asked, outside of a task.
[[nodiscard]] bool ask_together(DiagQuestion& question);

}  // namespace framespec::os
