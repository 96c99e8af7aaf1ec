#include "oracles/allocation_meter.h"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <new>
#include <utility>

namespace framespec::fuzz {
namespace {

thread_local std::ptrdiff_t live_bytes = 0;
thread_local std::ptrdiff_t peak_bytes = 0;

void* take(std::size_t size) noexcept {
  void* const memory = std::malloc(size + (size == 0 ? 1 : 0));
  live_bytes += static_cast<std::ptrdiff_t>(malloc_usable_size(memory));  // 0 of null
  peak_bytes = std::max(peak_bytes, live_bytes);
  return memory;
}

void release(void* memory) noexcept {
  if (memory == nullptr) return;
  live_bytes -= static_cast<std::ptrdiff_t>(malloc_usable_size(memory));
  std::free(memory);
}

}  // namespace

AllocationMeter::AllocationMeter() noexcept : start_(live_bytes) { peak_bytes = live_bytes; }

std::ptrdiff_t AllocationMeter::live() const noexcept { return live_bytes - start_; }

std::ptrdiff_t AllocationMeter::take_peak() noexcept {
  return std::exchange(peak_bytes, live_bytes) - start_;
}

}  // namespace framespec::fuzz

// malloc(0) may return null, which new must not. The aligned forms are left as they are: nothing
// here needs them, and they pair with deletes of their own.
void* operator new(std::size_t size) {
  void* const memory = framespec::fuzz::take(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return framespec::fuzz::take(size);
}
void* operator new[](std::size_t size) { return ::operator new(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return framespec::fuzz::take(size);
}
void operator delete(void* memory) noexcept { framespec::fuzz::release(memory); }
void operator delete[](void* memory) noexcept { framespec::fuzz::release(memory); }
void operator delete(void* memory, std::size_t) noexcept { framespec::fuzz::release(memory); }
void operator delete[](void* memory, std::size_t) noexcept { framespec::fuzz::release(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept {
  framespec::fuzz::release(memory);
}
void operator delete[](void* memory, const std::nothrow_t&) noexcept {
  framespec::fuzz::release(memory);
}
