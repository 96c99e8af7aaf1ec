#include "cli/interruption.h"

#include <csignal>

#include "delivery/stopped_process.h"
#include "report/report_file.h"

namespace framespec::conformance {
namespace {

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "used in a signal handler");

void handle(int number) {
  if (!interrupted.exchange(true)) return;
  delivery::resume_stopped_processes();
  remove_unfinished_report();
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
  sigaction(SIGPIPE, &ignore, nullptr);
  return interrupted;
}

}  // namespace framespec::conformance
