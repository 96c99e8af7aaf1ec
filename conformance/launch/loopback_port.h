// A port for a testee that is to listen: free, and left alone by others until it does.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <utility>

#include "launch/unique_fd.h"

namespace framespec::conformance {

/// A port of 127.0.0.1 that nothing used when it was chosen. It cannot be held open for the testee,
/// and one that starts slowly takes seconds to listen: so that nobody else gets it meanwhile, and
/// is taken for the testee, it lies below the range from which the kernel gives ports to those who
/// ask for any, and no other process that chooses in this way gets it as long as the object lives.
class LoopbackPort {
 public:
  /// Any such port; or a sentence.
  [[nodiscard]] static std::expected<LoopbackPort, std::string> find();

  /// This one; nothing where it is in use, or somebody else's choice.
  [[nodiscard]] static std::optional<LoopbackPort> choose(std::uint16_t port);

  [[nodiscard]] std::uint16_t number() const noexcept { return number_; }

 private:
  LoopbackPort(std::uint16_t number, UniqueFd reservation)
      : number_(number), reservation_(std::move(reservation)) {}

  std::uint16_t number_;
  UniqueFd reservation_;
};

}  // namespace framespec::conformance
