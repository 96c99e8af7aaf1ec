// Every vector, under every segmentation, through both levels of the library and the reference
// model.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <regex>
#include <set>

#include "reference_model.h"
#include "vector_file.h"

namespace framespec {
namespace {

constexpr std::uint64_t kExhaustiveUpTo = 16;

std::vector<Vector> vectors_of(const std::string& file) {
  auto vectors = load_vectors(file);
  if (!vectors) {
    ADD_FAILURE() << vectors.error();
    return {};
  }
  return *std::move(vectors);
}

std::vector<Vector> all_vectors() {
  std::vector<Vector> all;
  for (const std::string& file : vector_files()) {
    for (Vector& vector : vectors_of(file)) all.push_back(std::move(vector));
  }
  return all;
}

bool for_each_segmentation(const Vector& vector, const SegmentationVisitor& visit) {
  const std::uint64_t size = vector.stream.size();
  if (size <= kExhaustiveUpTo) return for_all(size, visit);
  std::vector<std::uint64_t> frame_ends;
  for (const TranscriptFrame& frame :
       model::transcript_of(vector.dialect, vector.stream, vector.digest).frames) {
    frame_ends.push_back(frame.delivered_at);
  }
  return for_thorough(size, {.frame_ends = frame_ends}, visit);
}

class VectorTest : public testing::TestWithParam<std::string> {};

TEST_P(VectorTest, TheUncutStreamGivesWhatTheVectorSays) {
  for (const Vector& vector : vectors_of(GetParam())) {
    SCOPED_TRACE(vector.name);
    const auto whole = Segmentation::whole(vector.stream.size());
    const Transcript actual = transcribe(vector.dialect, vector.stream, whole, vector.digest);
    EXPECT_EQ(model::disagreement(vector.expected, actual, whole), "") << to_string(actual);
    if (!vector.detail_contains.empty()) {
      ASSERT_TRUE(actual.error);
      EXPECT_TRUE(actual.error->detail.contains(vector.detail_contains)) << actual.error->detail;
    }
  }
}

// The central invariant (SEG-1, SEG-2): the same frames, error, offset and sentence, none of them
// late.
TEST_P(VectorTest, EverySegmentationGivesTheSameTranscriptOnBothLevels) {
  for (const Vector& vector : vectors_of(GetParam())) {
    SCOPED_TRACE(vector.name);
    const Bytes stream = vector.stream;
    const Dialect& dialect = vector.dialect;
    const Transcript uncut =
        transcribe(dialect, stream, Segmentation::whole(stream.size()), vector.digest);
    const Transcript earliest = model::transcript_of(dialect, stream, vector.digest);
    const bool held = for_each_segmentation(vector, [&](const Segmentation& segmentation) {
      for (auto* const run : {&transcribe, &transcribe_events}) {
        const Transcript actual = run(dialect, stream, segmentation, vector.digest);
        // Comparing is cheap, telling the difference is not.
        const std::string late = lateness(earliest, actual, segmentation);
        if (actual == uncut && late.empty()) continue;
        ADD_FAILURE() << segmentation.name() << ": " << difference(uncut, actual) << late;
        return false;
      }
      return true;
    });
    EXPECT_TRUE(held);
  }
}

TEST_P(VectorTest, TheReferenceModelAgrees) {
  for (const Vector& vector : vectors_of(GetParam())) {
    SCOPED_TRACE(vector.name);
    const Transcript told = model::transcript_of(vector.dialect, vector.stream, vector.digest);
    EXPECT_EQ(model::disagreement(vector.expected, told, Segmentation::whole(vector.stream.size())),
              "");
  }
}

INSTANTIATE_TEST_SUITE_P(, VectorTest, testing::ValuesIn(vector_files()),
                         [](const auto& file) { return file.param; });

TEST(VectorCoverageTest, EveryErrorThatAStreamCanHaveIsShown) {
  std::set<std::string> shown;
  for (const Vector& vector : all_vectors()) {
    if (vector.expected.error) shown.emplace(name_of(vector.expected.error->kind));
  }
  // The kinds are numbered without gaps; the last one is a sender's and in no stream.
  for (int kind = 0; kind < static_cast<int>(ErrorKind::kNotExpressible); ++kind) {
    const std::string name(name_of(static_cast<ErrorKind>(kind)));
    EXPECT_TRUE(shown.contains(name)) << name;
  }
}

TEST(VectorCoverageTest, EveryDialectOfTheSpecificationHasGoodAndBadStreams) {
  for (const char* const name :
       {"int32", "int64", "json", "int32be", "int64be", "uint16be", "varint"}) {
    int good = 0;
    int bad = 0;
    for (const Vector& vector : all_vectors()) {
      if (vector.dialect.name != name) continue;
      ++(vector.expected.error ? bad : good);
    }
    EXPECT_GE(good, 2) << name;
    EXPECT_GE(bad, 1) << name;
  }
}

// Rules that a stream alone can show or break; those of sending, connections and timing are not.
bool is_about_streams(const std::string& rule) {
  static const std::set<std::string> kSingle = {"LIM-1", "LIM-4", "LIM-5",
                                                "LIM-6", "ERR-1", "ERR-2"};
  return kSingle.contains(rule) || rule.starts_with("PFX-") || rule.starts_with("SEG-") ||
         rule.starts_with("HDR-") || rule.starts_with("TRL-") || rule.starts_with("EOS-");
}

std::set<std::string> rules_of_specification() {
  std::ifstream file(FRAMESPEC_SPEC_MD);
  const std::regex row(R"(^\| ([A-Z]{3}-[0-9]+) \| (MUST|SHOULD|MAY) \|)");
  std::set<std::string> rules;
  std::smatch match;
  for (std::string line; std::getline(file, line);) {
    if (std::regex_search(line, match, row)) rules.insert(match[1]);
  }
  return rules;
}

TEST(VectorCoverageTest, EveryRuleAboutStreamsIsNamedByAVectorAndEveryNamedRuleExists) {
  const std::set<std::string> rules = rules_of_specification();
  ASSERT_GE(rules.size(), 50U) << "SPEC.md's tables were not understood";
  std::set<std::string> named;
  for (const Vector& vector : all_vectors()) {
    EXPECT_FALSE(vector.rules.empty()) << vector.name;
    for (const std::string& rule : vector.rules) {
      EXPECT_TRUE(rules.contains(rule)) << vector.name << " names " << rule;
      named.insert(rule);
    }
  }
  for (const std::string& rule : rules) {
    EXPECT_TRUE(!is_about_streams(rule) || named.contains(rule)) << rule << " has no vector";
  }
}

TEST(VectorCoverageTest, NamesAreUnique) {
  for (const std::string& file : vector_files()) {
    std::set<std::string> names;
    for (const Vector& vector : vectors_of(file)) {
      EXPECT_TRUE(names.insert(vector.name).second) << file << ": " << vector.name;
    }
  }
}

}  // namespace
}  // namespace framespec
