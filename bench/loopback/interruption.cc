#include "loopback/interruption.h"

#include <csignal>
#include <initializer_list>

namespace framespec::bench {
namespace {

// Written by a signal handler.
volatile std::sig_atomic_t interruption = 0;

}  // namespace

void end_on_signals() {
  struct sigaction action{};
  action.sa_handler = [](int number) { interruption = number; };
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(number, &action, nullptr);
}

bool is_interrupted() { return interruption != 0; }

}  // namespace framespec::bench
