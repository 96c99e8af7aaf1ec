// Cuts a text that comes in pieces into lines. Sans-IO.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace framespec::conformance {

class Lines {
 public:
  /// The hex of the largest packet that Linux makes.
  static constexpr std::size_t kSizeMax = std::size_t{4} << 20U;

  enum class Outcome : std::uint8_t {
    kMore,    ///< goes on
    kEnough,  ///< a line was not taken; the rest of its piece is dropped
    kTooLong  ///< more than kSizeMax has come without the end of a line
  };

  /// The next piece of the text; hands on each line that is whole, without its end. The lines are
  /// the same however the text is cut.
  Outcome add(std::string_view piece, const std::function<bool(std::string_view line)>& take);

 private:
  std::string line_;
};

}  // namespace framespec::conformance
