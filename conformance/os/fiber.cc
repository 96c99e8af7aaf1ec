#include "os/fiber.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

#if defined(__SANITIZE_ADDRESS__)
#define FRAMESPEC_ASAN
#elif defined(__SANITIZE_THREAD__)
#define FRAMESPEC_TSAN
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FRAMESPEC_ASAN
#elif __has_feature(thread_sanitizer)
#define FRAMESPEC_TSAN
#endif
#endif
#if defined(FRAMESPEC_ASAN)
#include <sanitizer/common_interface_defs.h>
#elif defined(FRAMESPEC_TSAN)
#include <sanitizer/tsan_interface.h>
#endif

namespace framespec::os {
namespace {

// Taken page by page as it is used. Instrumented code needs several times as much as other.
constexpr std::size_t kStackSize = std::size_t{1} << 20U;

std::size_t page_size() { return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)); }

}  // namespace

Fiber::Fiber(std::function<void()> body) : body_(std::move(body)) {
  const std::size_t guard = page_size();
  void* const memory = ::mmap(nullptr, guard + kStackSize, PROT_NONE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (memory == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
  // What overflows the stack meets a page that nobody may touch.
  stack_ = static_cast<char*>(memory) + guard;
  if (::mprotect(stack_, kStackSize, PROT_READ | PROT_WRITE) != 0) {
    const int error = errno;
    ::munmap(memory, guard + kStackSize);
    throw std::system_error(error, std::generic_category(), "mprotect");
  }
  ::getcontext(&inside_);
  inside_.uc_stack.ss_sp = stack_;
  inside_.uc_stack.ss_size = kStackSize;
  // makecontext(3) hands on numbers of the size of int, and nothing else.
  const auto self = reinterpret_cast<std::uintptr_t>(this);
  ::makecontext(&inside_, reinterpret_cast<void (*)()>(&Fiber::enter), 2,
                static_cast<unsigned>(self >> 32U), static_cast<unsigned>(self & 0xffffffffU));
#ifdef FRAMESPEC_TSAN
  inner_thread_ = ::__tsan_create_fiber(0);
#endif
}

Fiber::~Fiber() {
#ifdef FRAMESPEC_TSAN
  ::__tsan_destroy_fiber(inner_thread_);
#endif
  const std::size_t guard = page_size();
  ::munmap(static_cast<char*>(stack_) - guard, guard + kStackSize);
}

void Fiber::enter(unsigned upper, unsigned lower) {
  const auto self = (static_cast<std::uintptr_t>(upper) << 32U) | lower;
  // The number is that of the constructor: NOLINTNEXTLINE(performance-no-int-to-ptr)
  reinterpret_cast<Fiber*>(self)->run_body();
}

void Fiber::run_body() noexcept {
  note_arrival();
  body_();
  has_ended_ = true;
  leave(true);
}

void Fiber::resume() {
#ifdef FRAMESPEC_ASAN
  void* own_fake_stack = nullptr;
  ::__sanitizer_start_switch_fiber(&own_fake_stack, stack_, kStackSize);
#elifdef FRAMESPEC_TSAN
  outer_thread_ = ::__tsan_get_current_fiber();
  ::__tsan_switch_to_fiber(inner_thread_, 0);
#endif
  ::swapcontext(&outside_, &inside_);
#ifdef FRAMESPEC_ASAN
  ::__sanitizer_finish_switch_fiber(own_fake_stack, nullptr, nullptr);
#endif
}

void Fiber::suspend() {
  leave(false);
  note_arrival();
}

// A stack that is left for good is forgotten by AddressSanitizer.
void Fiber::leave([[maybe_unused]] bool for_good) {
#ifdef FRAMESPEC_ASAN
  ::__sanitizer_start_switch_fiber(for_good ? nullptr : &fake_stack_, outer_stack_, outer_size_);
#elifdef FRAMESPEC_TSAN
  ::__tsan_switch_to_fiber(outer_thread_, 0);
#endif
  ::swapcontext(&inside_, &outside_);
}

void Fiber::note_arrival() {
#ifdef FRAMESPEC_ASAN
  ::__sanitizer_finish_switch_fiber(fake_stack_, &outer_stack_, &outer_size_);
#endif
}

}  // namespace framespec::os
