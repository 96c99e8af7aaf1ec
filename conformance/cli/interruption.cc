#include "cli/interruption.h"

#include <sys/time.h>

#include <csignal>

#include "delivery/stopped_process.h"
#include "report/report_file.h"

namespace framespec::conformance {
namespace {

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "used in a signal handler");

std::atomic<bool> time_is_up{false};

void end_in_order(int /*number*/) {
  if (!interrupted.exchange(true)) time_is_up = true;
}

void handle(int number) {
  if (!interrupted.exchange(true)) return;
  delivery::resume_stopped_processes();
  remove_unfinished_reports();
  struct sigaction plain{};
  plain.sa_handler = SIG_DFL;
  sigaction(number, &plain, nullptr);
  raise(number);
}

}  // namespace

const std::atomic<bool>& watch_for_interruption() {
  struct sigaction action{};
  action.sa_handler = handle;
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before{};
    // nohup, and `&` in a script, have asked for that.
    if (sigaction(number, nullptr, &before) == 0 && before.sa_handler == SIG_IGN) continue;
    sigaction(number, &action, nullptr);
  }
  struct sigaction ignore{};
  ignore.sa_handler = SIG_IGN;
  // A closed pipe, or no room for a file, is told by whoever writes to it.
  for (const int number : {SIGPIPE, SIGXFSZ}) sigaction(number, &ignore, nullptr);
  return interrupted;
}

// A timer and no thread: it breaks off waits as Ctrl-C does, and children do not inherit it.
void interrupt_after(std::chrono::milliseconds time) {
  struct sigaction action{};
  action.sa_handler = end_in_order;
  sigaction(SIGALRM, &action, nullptr);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
  const auto rest = std::chrono::duration_cast<std::chrono::microseconds>(time - seconds);
  const itimerval timer{.it_interval = {},
                        .it_value = {.tv_sec = seconds.count(), .tv_usec = rest.count()}};
  setitimer(ITIMER_REAL, &timer, nullptr);
}

bool is_time_up() noexcept { return time_is_up; }

}  // namespace framespec::conformance
