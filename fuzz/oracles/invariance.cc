#include "oracles/invariance.h"

#include <string>

#include "reference_model.h"

namespace framespec::fuzz {
namespace {

/// Each byte is copied once into the buffer and amortised less than twice more as it grows (LIM-7).
constexpr std::uint64_t kCopiesPerByteMax = 3;

/// Longer streams are cut into bytes only where the input says so: it would take most of the time.
constexpr std::uint64_t kByteByByteSizeMax = 256;

Violation check_run(const StreamInput& input, const Transcript& model, const char* who,
                    const Segmentation& segmentation, const Transcript& actual) {
  std::string what = model::disagreement(model, actual, segmentation);
  if (what.empty() && actual.bytes_copied > kCopiesPerByteMax * input.wire.size()) {
    what = std::to_string(actual.bytes_copied) + " bytes were copied of a stream of " +
           std::to_string(input.wire.size()) + "; at most " + std::to_string(kCopiesPerByteMax) +
           " times as many are allowed (LIM-7)";
  }
  if (what.empty()) return std::nullopt;
  return std::string(who) + " under " + segmentation.name() +
         " against the reference model: " + what;
}

}  // namespace

Violation check_invariance(const StreamInput& input, const Transcript& model, const char* who,
                           const DeframerUnderTest& deframer) {
  const std::uint64_t size = input.wire.size();
  const auto whole = Segmentation::whole(size);
  const Transcript uncut = deframer(input.wire, whole);
  if (auto bad = check_run(input, model, who, whole, uncut)) return bad;

  const Segmentation chosen = segmentation_of(input);
  const auto bytes = size <= kByteByByteSizeMax ? Segmentation::byte_by_byte(size) : whole;
  for (const auto& segmentation : {bytes, chosen}) {
    if (segmentation == whole) continue;
    const Transcript cut = deframer(input.wire, segmentation);
    if (auto bad = check_run(input, model, who, segmentation, cut)) return bad;
    if (!(uncut == cut)) {
      return std::string(who) + " under " + segmentation.name() +
             " against itself uncut: " + difference(uncut, cut);
    }
  }
  return std::nullopt;
}

}  // namespace framespec::fuzz
