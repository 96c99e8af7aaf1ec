// Names of segmentations: what is understood is in order, and its name says it all.
//
// The input is `SIZE NAME`: the size of a stream with a frame every seven bytes, and a name for its
// cuts.
#include <algorithm>
#include <charconv>

#include "framespec/segmentation.h"
#include "oracles/violation.h"
#include "target.h"

namespace framespec::fuzz {
namespace {

/// A name can ask for a cut after every byte, so that the size bounds time and memory.
constexpr std::uint64_t kStreamSizeMax = 65536;
constexpr std::uint64_t kFrameSize = 7;

struct NameInput {
  std::uint64_t stream_size = 0;
  std::string_view name;
  std::vector<std::uint64_t> frame_ends;
};

NameInput parse_name_input(std::string_view text) {
  NameInput input;
  const char* const end = text.data() + text.size();
  const char* const digits_end = std::from_chars(text.data(), end, input.stream_size).ptr;
  input.stream_size = std::min(input.stream_size, kStreamSizeMax);
  input.name = text.substr(static_cast<std::size_t>(digits_end - text.data()));
  if (input.name.starts_with(' ')) input.name.remove_prefix(1);
  for (std::uint64_t at = kFrameSize; at <= input.stream_size; at += kFrameSize) {
    input.frame_ends.push_back(at);
  }
  return input;
}

Violation check_cuts(const Segmentation& segmentation, std::uint64_t stream_size) {
  std::uint64_t before = 0;
  for (const std::uint64_t cut : segmentation.cuts()) {
    if (cut <= before || cut >= stream_size) {
      return "the cut at " + std::to_string(cut) + " is out of order, or not within the stream";
    }
    before = cut;
  }
  if (segmentation.stream_size() != stream_size) return "the stream has got another size";
  return std::nullopt;
}

Violation check_name(const Segmentation& segmentation, const NameInput& input) {
  const auto again = Segmentation::parse(segmentation.name(), input.stream_size, input.frame_ends);
  if (!again || *again != segmentation) {
    return "its own name, " + segmentation.name() + ", does not give the same cuts";
  }
  const std::string listed = segmentation.explicit_cuts().name();
  const auto explicit_again = Segmentation::parse(listed, input.stream_size);
  if (!explicit_again || *explicit_again != segmentation) {
    return "the name that lists its cuts does not give them: " + listed.substr(0, 100);
  }
  return std::nullopt;
}

Violation find_violation(const NameInput& input) {
  const auto segmentation = Segmentation::parse(input.name, input.stream_size, input.frame_ends);
  if (!segmentation) {
    if (segmentation.error().empty()) return "the name is refused without a reason";
    return std::nullopt;
  }
  if (auto bad = check_cuts(*segmentation, input.stream_size)) return bad;
  return check_name(*segmentation, input);
}

}  // namespace

void run_input(Bytes input) {
  if (const Violation bad = find_violation(parse_name_input(as_text(input)))) {
    report_finding(*bad, input);
  }
}

std::string explain_input(Bytes input) {
  const NameInput parsed = parse_name_input(as_text(input));
  const auto segmentation = Segmentation::parse(parsed.name, parsed.stream_size, parsed.frame_ends);
  return "stream size   " + std::to_string(parsed.stream_size) + "\nname          " +
         std::string(parsed.name) + "\nmeans         " +
         (segmentation ? segmentation->explicit_cuts().name() : segmentation.error());
}

}  // namespace framespec::fuzz
