// A deframer with one defect planted in it, to show that the oracles and the mutator find such
// defects.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "framespec/transcript.h"

namespace framespec::fuzz {

enum class PlantedBug : std::uint8_t {
  kNone,                  ///< the control: must never be found
  kPrefixCutAfterThird,   ///< a prefix cut after its third byte gets 0 for the fourth
  kOneFrameAReceive,      ///< of several frames in one segment only the first is delivered at once
  kCleanEndAfterPrefix,   ///< the end of the stream right after a prefix passes for clean
  kMaximumExclusive,      ///< a payload of exactly the maximum is too large
  kEmptyFrameDropped,     ///< an empty payload is not delivered
  kLengthIn32Bits,        ///< a length is cut to 32 bits once it was judged
  kDigestOfFirstSegment,  ///< the digest leaves out payload that came in later segments
  kCutTrailerUnchecked,   ///< a trailer that does not come with its payload passes unseen
};

/// Every bug, the control first, with the name by which it is chosen.
struct NamedBug {
  PlantedBug bug;
  std::string_view name;
};
std::span<const NamedBug> planted_bugs() noexcept;

std::optional<PlantedBug> planted_bug_named(std::string_view name) noexcept;

/// What the deframer with this bug makes of a stream.
Transcript transcribe_planted(PlantedBug bug, const Dialect& dialect, Bytes stream,
                              const Segmentation& segmentation, DigestCheck digest);

}  // namespace framespec::fuzz
