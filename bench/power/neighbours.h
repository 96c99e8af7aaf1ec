// Other work on the machine, while a trial runs.
#pragma once

#include <sys/types.h>

#include <vector>

namespace framespec::bench {

/// Processes that compute and write memory without a rest; they end with this object, and with this
/// process however it goes.
class Neighbours {
 public:
  /// Fewer where the system starts no more.
  explicit Neighbours(int count);
  Neighbours(const Neighbours&) = delete;
  Neighbours& operator=(const Neighbours&) = delete;
  ~Neighbours();

  [[nodiscard]] const std::vector<pid_t>& processes() const { return processes_; }

 private:
  std::vector<pid_t> processes_;
};

}  // namespace framespec::bench
