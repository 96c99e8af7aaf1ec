// A segment in memory of its own, of exactly its size.
#pragma once

#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

#include "framespec/bytes.h"

namespace framespec::fuzz {

/// AddressSanitizer sees a read beyond its end, or after its life, which it cannot see within one
/// buffer that holds the whole stream. Taken with malloc, so that AllocationMeter does not count
/// it.
class LoneSegment {
 public:
  explicit LoneSegment(Bytes segment)
      : memory_(static_cast<std::byte*>(std::malloc(segment.size()))), size_(segment.size()) {
    if (memory_ == nullptr && size_ != 0) throw std::bad_alloc();
    if (size_ != 0) std::memcpy(memory_.get(), segment.data(), size_);
  }

  Bytes bytes() const noexcept { return {memory_.get(), size_}; }

 private:
  struct Free {
    void operator()(std::byte* memory) const noexcept { std::free(memory); }
  };
  std::unique_ptr<std::byte, Free> memory_;
  std::size_t size_;
};

}  // namespace framespec::fuzz
