// A stretch of code that no signal interrupts.
#pragma once

#include <csignal>

namespace framespec::client {

/// Holds back every signal to this thread, and to threads that it starts, for as long as it lives;
/// what came meanwhile is delivered then.
class SignalsHeld {
 public:
  SignalsHeld() noexcept {
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsHeld() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsHeld(const SignalsHeld&) = delete;
  SignalsHeld& operator=(const SignalsHeld&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace framespec::client
