#include "heap_meter.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>

namespace framespec {
namespace {

std::size_t live_bytes = 0;
std::size_t peak_bytes = 0;

// In front of each block: its size and where malloc's block begins.
struct BlockHead {
  std::size_t size;
  void* malloc_block;
};

void* allocate(std::size_t size, std::size_t alignment) {
  const std::size_t padding = alignment + sizeof(BlockHead);
  void* const malloc_block = std::malloc(size + padding);
  if (malloc_block == nullptr) throw std::bad_alloc();
  void* first = static_cast<std::byte*>(malloc_block) + sizeof(BlockHead);
  std::size_t space = size + alignment;
  auto* const block = static_cast<std::byte*>(std::align(alignment, size, first, space));
  new (block - sizeof(BlockHead)) BlockHead{size, malloc_block};
  live_bytes += size;
  peak_bytes = std::max(peak_bytes, live_bytes);
  return block;
}

void release(void* block) noexcept {
  if (block == nullptr) return;
  auto* const head = std::launder(
      reinterpret_cast<BlockHead*>(static_cast<std::byte*>(block) - sizeof(BlockHead)));
  live_bytes -= head->size;
  std::free(head->malloc_block);
}

}  // namespace

std::size_t heap_bytes_live() noexcept { return live_bytes; }

HeapMeter::HeapMeter() noexcept : start_(live_bytes) { peak_bytes = live_bytes; }

std::size_t HeapMeter::growth() const noexcept {
  return live_bytes > start_ ? live_bytes - start_ : 0;
}

std::size_t HeapMeter::peak_growth() const noexcept { return peak_bytes - start_; }

}  // namespace framespec

// The array and nothrow forms of the standard library come down to these.
void* operator new(std::size_t size) {
  return framespec::allocate(size, alignof(std::max_align_t));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return framespec::allocate(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size) { return operator new(size); }
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return operator new(size, alignment);
}
void operator delete(void* block) noexcept { framespec::release(block); }
void operator delete(void* block, std::size_t /*size*/) noexcept { framespec::release(block); }
void operator delete(void* block, std::align_val_t /*alignment*/) noexcept {
  framespec::release(block);
}
void operator delete(void* block, std::size_t /*size*/, std::align_val_t /*alignment*/) noexcept {
  framespec::release(block);
}
void operator delete[](void* block) noexcept { framespec::release(block); }
void operator delete[](void* block, std::size_t /*size*/) noexcept { framespec::release(block); }
void operator delete[](void* block, std::align_val_t /*alignment*/) noexcept {
  framespec::release(block);
}
void operator delete[](void* block, std::size_t /*size*/, std::align_val_t /*alignment*/) noexcept {
  framespec::release(block);
}
