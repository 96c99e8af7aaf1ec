// A piece of a program on a stack of its own, which can be left in the middle and gone on with.
#pragma once

#include <ucontext.h>

#include <cstddef>
#include <functional>

namespace framespec::os {

/// Runs a body in turns: from one resume() to the next suspend(). All of it stays in the thread of
/// the caller, so that nothing needs a lock. Sanitizers are told of each change of stack.
class Fiber {
 public:
  /// The body begins with the first resume(), and throws nothing. Throws std::system_error where
  /// there is no memory for a stack.
  explicit Fiber(std::function<void()> body);
  /// One that was begun must have ended: what lies on its stack is not destroyed.
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  /// From outside: goes on with the body until it suspends or ends.
  void resume();
  /// From inside the body: back to whoever has resumed it.
  void suspend();
  [[nodiscard]] bool has_ended() const noexcept { return has_ended_; }

 private:
  static void enter(unsigned upper, unsigned lower);
  void run_body() noexcept;
  void leave(bool for_good);
  void note_arrival();

  std::function<void()> body_;
  void* stack_ = nullptr;
  ucontext_t inside_{};
  ucontext_t outside_{};
  bool has_ended_ = false;
  // What AddressSanitizer and ThreadSanitizer want to know of stacks.
  [[maybe_unused]] void* fake_stack_ = nullptr;
  [[maybe_unused]] const void* outer_stack_ = nullptr;
  [[maybe_unused]] std::size_t outer_size_ = 0;
  [[maybe_unused]] void* inner_thread_ = nullptr;
  [[maybe_unused]] void* outer_thread_ = nullptr;
};

}  // namespace framespec::os
