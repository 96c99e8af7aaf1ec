// Counts the heap memory of this process: linked into a test, it replaces operator new and delete.
#pragma once

#include <cstddef>

namespace framespec {

/// Bytes that were asked for with operator new and not yet given back. What C libraries take with
/// malloc is not counted.
std::size_t heap_bytes_live() noexcept;

/// The growth of the heap since the meter was made, now and at its highest. One at a time, one
/// thread.
class HeapMeter {
 public:
  HeapMeter() noexcept;

  std::size_t growth() const noexcept;
  std::size_t peak_growth() const noexcept;

 private:
  std::size_t start_;
};

}  // namespace framespec
