// How much memory `new` has given out: counted, not estimated.
#pragma once

#include <cstddef>

namespace framespec::fuzz {

/// Bytes that this thread has taken with `new` and not given back since the meter was made; where a
/// target links this file, it replaces the global operators new and delete.
class AllocationMeter {
 public:
  AllocationMeter() noexcept;

  /// Bytes held now. Memory from before the meter that was given back since counts as negative.
  std::ptrdiff_t live() const noexcept;

  /// The most that was held at any time since the last call, or since the start.
  std::ptrdiff_t take_peak() noexcept;

 private:
  std::ptrdiff_t start_;
};

}  // namespace framespec::fuzz
