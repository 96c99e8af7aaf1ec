// Turns what a case sends into bytes of one dialect.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "framespec/bytes.h"
#include "framespec/dialect.h"
#include "suite/plan.h"
#include "suite/suite_case.h"

namespace framespec::conformance {

/// The most bytes that one step may send.
inline constexpr std::uint64_t kStepBytesMax = std::uint64_t{256} << 20U;

/// The bytes of one send step.
struct BuiltStream {
  struct Answer {
    std::uint64_t end = 0;  ///< offset just after the frame that is answered
    ExpectedFrame frame;
  };
  ByteVector bytes;
  std::vector<std::uint64_t> frame_ends;   ///< strictly ascending
  std::vector<std::uint64_t> field_edges;  ///< ascending; see StreamShape
  std::vector<Answer> answers;
};

/// Builds the stream, or says why this dialect cannot express it: the case then does not apply.
std::expected<BuiltStream, NotFor> build_stream(const std::vector<SendItem>& items,
                                                const Dialect& dialect);

}  // namespace framespec::conformance
