// The oracle finds every planted bug on an input that shows it, and nothing in the control.
#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "framespec/md5.h"
#include "input/stream_input.h"
#include "oracles/invariance.h"
#include "planted/planted_deframer.h"
#include "reference_model.h"

namespace framespec::fuzz {

// What GoogleTest shows of a parameter.
void PrintTo(const NamedBug& bug, std::ostream* out) { *out << bug.name; }

namespace {

Violation find_violation(PlantedBug bug, const StreamInput& input) {
  const Transcript model = model::transcript_of(input.dialect, input.wire, input.digest);
  return check_invariance(
      input, model, "the planted deframer", [&](Bytes wire, const Segmentation& segmentation) {
        return transcribe_planted(bug, input.dialect, wire, segmentation, input.digest);
      });
}

/// An input on which the bug shows.
std::string proof_of(PlantedBug bug) {
  using std::string_literals::operator""s;
  switch (bug) {
    case PlantedBug::kNone:
      return "int32 whole\n\x05\0\0\0hello"s;
    case PlantedBug::kPrefixCutAfterThird:
      return "int32be cut_at-3\n\0\0\0\x05hello"s;
    case PlantedBug::kOneFrameAReceive:
      return "int32 whole\n\0\0\0\0\0\0\0\0"s;
    case PlantedBug::kCleanEndAfterPrefix:
      return "int32 whole\n\x05\0\0\0"s;
    case PlantedBug::kMaximumExclusive:
      return "int32,max5 whole\n\x05\0\0\0hello"s;
    case PlantedBug::kEmptyFrameDropped:
      return "int32 whole\n\0\0\0\0"s;
    case PlantedBug::kLengthIn32Bits:
      return "int64 whole\n\x05\0\0\0\x01\0\0\0hello"s;
    case PlantedBug::kDigestOfFirstSegment: {
      const std::string header = "{\"filename\": \"a\", \"md5\": \"" + md5_of(as_bytes("hello")) +
                                 "\", \"total_size\": 5}";
      return "json whole verify\n" + std::string(1, static_cast<char>(header.size())) + "\0\0\0"s +
             header + "hello";
    }
    case PlantedBug::kCutTrailerUnchecked:
      return "u1,tail0d0a cut_at-2\n\x01x\r\r"s;
  }
  return {};
}

class PlantedBugTest : public testing::TestWithParam<NamedBug> {};

TEST_P(PlantedBugTest, IsFoundOnItsProof) {
  const StreamInput input = parse_stream_input(as_bytes(proof_of(GetParam().bug)));
  const Violation violation = find_violation(GetParam().bug, input);
  EXPECT_EQ(violation.has_value(), GetParam().bug != PlantedBug::kNone)
      << violation.value_or("nothing was found") << '\n'
      << explain(input);
}

TEST_P(PlantedBugTest, IsNotSeenInTheControl) {
  const StreamInput input = parse_stream_input(as_bytes(proof_of(GetParam().bug)));
  const Violation violation = find_violation(PlantedBug::kNone, input);
  EXPECT_FALSE(violation.has_value()) << violation.value_or("") << '\n' << explain(input);
}

TEST_P(PlantedBugTest, IsFoundByItsName) {
  EXPECT_EQ(planted_bug_named(GetParam().name), GetParam().bug);
}

INSTANTIATE_TEST_SUITE_P(All, PlantedBugTest,
                         testing::ValuesIn(planted_bugs().begin(), planted_bugs().end()),
                         [](const auto& instance) { return std::string(instance.param.name); });

}  // namespace
}  // namespace framespec::fuzz
