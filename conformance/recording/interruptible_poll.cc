#include "recording/interruptible_poll.h"

namespace framespec::conformance {

InterruptiblePoll::InterruptiblePoll() {
  sigset_t held{};
  sigemptyset(&held);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&held, number);
  pthread_sigmask(SIG_BLOCK, &held, &before_);
}

InterruptiblePoll::~InterruptiblePoll() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

void InterruptiblePoll::wait(std::span<pollfd> descriptors) const {
  if (ppoll(descriptors.data(), descriptors.size(), nullptr, &before_) > 0) return;
  for (pollfd& descriptor : descriptors) descriptor.revents = 0;
}

}  // namespace framespec::conformance
