// Suite files with a mistake: each is refused with its place and with what is allowed.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "suite/suite.h"
#include "suite/suite_case.h"

namespace framespec::conformance {
namespace {

constexpr std::string_view kSteps = R"([{"send": [{"frame": "x"}]}, {"expect": "frames"}])";

/// A suite of one case with these steps, and `more` keys of the case before them.
std::string suite_with(std::string_view steps, std::string_view more = "") {
  return R"({"area": "sample", "title": "A sample", "cases": [{"name": "one", "title": "T.", "why": "w", )" +
         std::string(more) + R"("rules": ["SEG-1"], "steps": )" + std::string(steps) + "}]}";
}

std::string error_of(const std::string& text) {
  const auto set = SuiteSet::parse(text, "sample.json");
  return set ? "no error" : to_string(set.error());
}

TEST(SuiteFile, AGoodOneIsRead) {
  const auto set = SuiteSet::parse(
      suite_with(kSteps, R"("level": "should", "segmentations": ["every_cut*9"], )"),
      "sample.json");
  ASSERT_TRUE(set) << to_string(set.error());
  ASSERT_EQ(set->suites().size(), 1U);
  const auto& suite_case = set->suites()[0].cases.at(0);
  EXPECT_EQ(suite_case.area, "sample");
  EXPECT_EQ(suite_case.level, Level::kShould);
  ASSERT_EQ(suite_case.segmentations.size(), 1U);
  EXPECT_EQ(suite_case.segmentations[0].members_max, 9U);
  EXPECT_EQ(suite_case.values.size(), 1U);
}

TEST(SuiteFile, ThoseOfTheProgramAreRead) {
  const auto set = SuiteSet::built_in();
  ASSERT_TRUE(set) << to_string(set.error());
  EXPECT_EQ(set->suites().front().area, "sanity");
  EXPECT_GE(set->suites().size(), 10U);
}

struct Mistake {
  std::string what;
  std::string text;
  std::string path;
  std::string message;
};

class SuiteMistake : public testing::TestWithParam<Mistake> {};

TEST_P(SuiteMistake, IsReportedWithItsPlace) {
  const auto error = error_of(GetParam().text);
  EXPECT_TRUE(error.starts_with("sample.json: " + GetParam().path + ": ")) << error;
  EXPECT_NE(error.find(GetParam().message), std::string::npos) << error;
}

std::string with_item(const std::string& item) {
  return suite_with(R"([{"send": [)" + item + R"(]}, {"expect": "frames"}])");
}

INSTANTIATE_TEST_SUITE_P(
    Each, SuiteMistake,
    testing::Values(
        Mistake{"not_json", "{", "$", "not valid JSON"},
        Mistake{"double_key", R"({"area": "a", "area": "b"})", "$.area", "occurs twice"},
        Mistake{"array", "[]", "$", "is not an object"},
        Mistake{"no_case", R"({"area": "a", "title": "t", "cases": []})", "$.cases",
                "at least one case"},
        Mistake{"area_name", R"({"area": "a/b", "title": "t", "cases": []})", "$.area",
                "a-z, 0-9 and _"},
        Mistake{"misspelt_key", suite_with(kSteps, R"("levle": "must", )"), "$.cases[0]",
                "did you mean \"level\"?"},
        Mistake{"level", suite_with(kSteps, R"("level": "most", )"), "$.cases[0].level",
                "\"must\", \"should\" and \"may\""},
        Mistake{"condition", suite_with(kSteps, R"("for": {"sigend": true}, )"), "$.cases[0].for",
                "did you mean \"signed\"?"},
        Mistake{"condition_type", suite_with(kSteps, R"("for": {"signed": 1}, )"),
                "$.cases[0].for.signed", "neither true nor false"},
        Mistake{"condition_range", suite_with(kSteps, R"("for": {"width_min": 11}, )"),
                "$.cases[0].for.width_min", "from 0 to 10"},
        Mistake{"family", suite_with(kSteps, R"("segmentations": ["every_byte"], )"),
                "$.cases[0].segmentations[0]", "every_cut, every_pair"},
        Mistake{"whole", suite_with(kSteps, R"("segmentations": ["whole"], )"),
                "$.cases[0].segmentations[0]", "\"whole\" is always there"},
        Mistake{"no_step", suite_with("[]"), "$.cases[0].steps", "at least one step"},
        Mistake{"no_step_to_repeat", suite_with(R"([{"repeat": 2, "steps": []}])"),
                "$.cases[0].steps[0].steps", "at least one step"},
        Mistake{"no_expectation", suite_with(R"([{"send": [{"frame": "x"}]}])"), "$.cases[0].steps",
                "must expect something"},
        Mistake{"verb", suite_with(R"([{"wait": 5}])"), "$.cases[0].steps[0]",
                "there is no key \"wait\""},
        Mistake{"expectation", suite_with(R"([{"expect": "frame"}])"), "$.cases[0].steps[0].expect",
                "did you mean \"frames\"?"},
        Mistake{"nothing_sent", suite_with(R"([{"send": []}, {"expect": "frames"}])"),
                "$.cases[0].steps[0].send", "at least one thing"},
        Mistake{"item", with_item(R"({"frmae": "x"})"), "$.cases[0].steps[0].send[0]",
                "did you mean \"frame\"?"},
        Mistake{"odd_hex", with_item(R"({"bytes": {"hex": "abc"}})"),
                "$.cases[0].steps[0].send[0].bytes.hex",
                "offset 2: 'c' stands alone; each byte needs two digits"},
        Mistake{"hex_digit", with_item(R"({"bytes": {"hex": "0g"}})"),
                "$.cases[0].steps[0].send[0].bytes.hex",
                "offset 1: 'g' is no hexadecimal digit; bytes are two hexadecimal digits"},
        Mistake{"lead_digit", with_item(R"({"frame": "x", "lead": "0a 0x"})"),
                "$.cases[0].steps[0].send[0].lead", "offset 5: no digits stand behind \"0x\""},
        Mistake{
            "placeholder", with_item(R"({"header": "{<hex 0 a>}"})"),
            "$.cases[0].steps[0].send[0].header",
            "the placeholder \"<hex 0 a>\" at offset 1: behind \"<hex \", offset 0: '0' stands"},
        Mistake{"measured", suite_with(R"([{"measure": ""}, {"expect": "frames"}])"),
                "$.cases[0].steps[0].measure", "needs a name"},
        Mistake{
            "no_stop",
            suite_with(
                R"([{"send": [{"frame": "x"}], "stop_at_every_offset": false}, {"expect": "frames"}])"),
            "$.cases[0].steps[0].stop_at_every_offset", "leave the key out"},
        Mistake{"no_values", with_item(R"({"frame": "$value"})"), "$.cases[0].steps",
                "\"$value\" stands for the values of the case, and it has none"},
        Mistake{"no_place", suite_with(kSteps, R"("places": [], )"), "$.cases[0].places",
                "at least one place"},
        Mistake{"family_twice",
                suite_with(kSteps, R"("segmentations": ["straddled", "straddled"], )"),
                "$.cases[0].segmentations[1]", "listed twice"},
        Mistake{"out_of_any_range", with_item(R"({"prefix": 1e999})"),
                "$.cases[0].steps[0].send[0].prefix", "the number 1e999 is out of range"},
        Mistake{"content", with_item(R"({"frame": {"repeat": "x"}})"),
                "$.cases[0].steps[0].send[0].frame", "content is a text"},
        Mistake{"size", with_item(R"({"prefix": "huge"})"), "$.cases[0].steps[0].send[0].prefix",
                "is not a size"},
        Mistake{"fraction", with_item(R"({"prefix": 1.5})"), "$.cases[0].steps[0].send[0].prefix",
                "is not a text"},
        Mistake{"times", with_item(R"({"frame": "x", "times": 0})"),
                "$.cases[0].steps[0].send[0].times", "from 1 to 1000000"},
        Mistake{"round", suite_with(R"([{"open": "c#"}, {"expect": "frames"}])"),
                "$.cases[0].steps[0].open", "not in one"},
        Mistake{"nested_repeat",
                suite_with(R"([{"repeat": 2, "steps": [{"repeat": 2, "steps": []}]}])"),
                "$.cases[0].steps[0].steps[0]", "cannot stand in another"},
        Mistake{
            "two_cuts",
            suite_with(
                R"([{"send": [{"frame": "x"}], "cut": true}, {"send": [{"frame": "x"}], "cut": true}, {"expect": "frames"}])"),
            "$.cases[0].steps", "only one send step"},
        Mistake{
            "no_cut",
            suite_with(
                R"([{"send": [{"frame": "x"}]}, {"send": [{"frame": "x"}]}, {"expect": "frames"}])",
                R"("segmentations": ["byte_by_byte"], )"),
            "$.cases[0].segmentations", "\"cut\": true"},
        Mistake{"no_connection",
                suite_with(
                    R"([{"send": [{"frame": "x"}], "on": "b"}, {"expect": "frames", "on": "b"}])"),
                "$.cases[0].steps[0]", "there is no connection \"b\" yet; there are \"main\""},
        Mistake{"no_connection_in_a_round",
                suite_with(R"([{"repeat": 2, "steps": [{"open": "a#"}, {"finish": "b#"}]}])"),
                "$.cases[0].steps[0].steps[1]", "there is no connection \"b0\" yet"},
        Mistake{"opened_twice", suite_with(R"([{"open": "b"}, {"open": "b"}])"),
                "$.cases[0].steps[1]", "\"b\" is there already"},
        Mistake{"sent_after_a_reset",
                suite_with(R"([{"abort": "main"}, {"send": [{"frame": "x"}]}])"),
                "$.cases[0].steps[1]", "was reset by \"abort\""},
        Mistake{"sent_after_the_end",
                suite_with(R"([{"finish": "main"}, {"send": [{"frame": "x"}]}])"),
                "$.cases[0].steps[1]", "it can only expect now"},
        Mistake{"nothing_sent_before", suite_with(R"([{"expect": "frames"}])"),
                "$.cases[0].steps[0]", "nothing was sent on the connection \"main\""},
        Mistake{"sent_in_a_flood",
                suite_with(R"([{"flood": "x", "total": 9}, {"send": [{"frame": "x"}]}])"),
                "$.cases[0].steps[1]",
                "is in a flood: {\"expect\": \"frames\"} on it, or {\"abort\": \"main\"}, must"},
        Mistake{"flood_without_end", suite_with(R"([{"flood": "x", "total": 9}])"),
                "$.cases[0].steps", "are never expected"},
        Mistake{
            "nothing_measured",
            suite_with(
                R"([{"measure": "a"}, {"expect": "work", "of": "a", "against": "b", "times_max": 2}])"),
            "$.cases[0].steps[1]", "no work is measured as \"b\""},
        Mistake{"spoilt_without", with_item(R"({"frame": "x", "first": "spoilt+1"})"),
                "$.cases[0].steps[0].send[0].first", "only in \"first\" and \"after\""},
        Mistake{"end_without_finish", suite_with(kSteps, R"("segmentations": ["whole+end"], )"),
                "$.cases[0].segmentations", "right behind the send step that is cut"},
        Mistake{"place", suite_with(kSteps, R"("places": ["before_a_frame"], )"),
                "$.cases[0].places[0]", "is not a place; there are behind_a_frame"},
        Mistake{"place_twice",
                suite_with(kSteps, R"("places": ["after_an_answer", "after_an_answer"], )"),
                "$.cases[0].places[1]", "a value \"after_an_answer\" is there already"},
        Mistake{"place_of_several_connections",
                suite_with(R"([{"open": "b"}, {"send": [{"frame": "x"}]}, {"expect": "frames"}])",
                           R"("places": ["after_an_answer"], )"),
                "$.cases[0].places", "on \"main\" alone"},
        Mistake{"stalled_without_a_flood",
                suite_with(R"([{"expect": "stalled", "bytes_max": 9}, {"expect": "closed"}])"),
                "$.cases[0].steps[0]", "nothing stalls"},
        Mistake{"pause", suite_with(R"([{"pause": 0}])"), "$.cases[0].steps[0].pause",
                "from 1 to 1000"},
        Mistake{"nul", suite_with(kSteps) + std::string(1, '\0') + "rubbish", "$", "a NUL byte"},
        Mistake{"double_key_inside", suite_with(R"([{"open": "b", "open": "c"}])"),
                "$.cases[0].steps[0].open", "occurs twice"},
        Mistake{"unused_value", suite_with(kSteps, R"("values": {"a": 1}, )"), "$.cases[0].values",
                "no step uses"},
        Mistake{"wrong_value",
                suite_with(R"([{"send": [{"prefix": "$value"}]}, {"expect": "closed"}])",
                           R"("values": {"good": 1, "bad": "x"}, )"),
                "$.cases[0].steps[0].send[0].prefix", "(with the value \"bad\")"}),
    [](const auto& mistake) { return mistake.param.what; });

TEST(SuiteFile, AnUnknownRuleIsRefused) {
  auto text = suite_with(kSteps);
  text.replace(text.find("SEG-1"), 5, "SEG-9");
  EXPECT_EQ(error_of(text), "sample.json: $.cases[0].rules[0]: SPEC.md has no rule \"SEG-9\"");
}

TEST(SuiteFile, AByteOrderMarkIsRefused) {
  EXPECT_EQ(
      error_of("\xEF\xBB\xBF" + suite_with(kSteps)),
      "sample.json: $: line 1, column 1: a byte order mark; save the file as UTF-8 without one");
}

TEST(SuiteFile, TwoCasesOfOneNameAreRefused) {
  auto text = suite_with(kSteps);
  const auto first = text.find('{', 1);
  const auto one_case = text.substr(first, text.rfind(']') - first);
  text.insert(first, one_case + ", ");
  EXPECT_EQ(error_of(text), "sample.json: $.cases[1].name: a case of this name is there already");
}

TEST(SuiteFile, StepsInOneListHaveALimit) {
  constexpr int kMany = 100'000;
  std::string steps = "[";
  for (int count = 1; count < kMany; ++count) steps += R"({"send": [{"frame": "x"}]}, )";
  EXPECT_EQ(error_of(suite_with(steps + R"({"expect": "frames"}])")),
            "sample.json: $.cases[0].steps: these are 100000 steps; at most 1000 may stand in one "
            "list, and \"repeat\" makes more of them");
}

TEST(SuiteFile, NestingHasALimit) {
  const auto nested = [](std::size_t depth) {
    return suite_with(std::string(depth, '[') + std::string(depth, ']'));
  };
  // The steps are at depth 3 already.
  EXPECT_EQ(error_of(nested(29)).find("nested"), std::string::npos);
  const auto error = error_of(nested(30));
  EXPECT_TRUE(error.starts_with("sample.json: $.cases[0].steps[0][0]")) << error;
  EXPECT_NE(error.find("nested more than 32 deep"), std::string::npos) << error;
  EXPECT_NE(error_of(nested(100'000)).find("nested more than 32 deep"), std::string::npos);
}

class SuiteDirectory : public testing::Test {
 protected:
  SuiteDirectory() { std::filesystem::create_directories(path_); }
  ~SuiteDirectory() override { std::filesystem::remove_all(path_); }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
  }

  std::filesystem::path path_ =
      std::filesystem::temp_directory_path() /
      ("framespec_suite_" +
       std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + "_" +
       std::to_string(::getpid()));
};

TEST_F(SuiteDirectory, WithoutASuiteIsAnError) {
  const auto set = SuiteSet::load(path_);
  ASSERT_FALSE(set);
  EXPECT_NE(to_string(set.error()).find("there is no suite file (*.json) in this directory"),
            std::string::npos);
}

TEST_F(SuiteDirectory, ThatIsNotThereIsAnError) {
  const auto set = SuiteSet::load(path_ / "nothing.json");
  ASSERT_FALSE(set);
  EXPECT_NE(to_string(set.error()).find("nothing.json: $: cannot be read"), std::string::npos);
}

TEST_F(SuiteDirectory, IsReadWholeAndInRunningOrder) {
  auto sanity = suite_with(kSteps);
  sanity.replace(sanity.find("sample"), 6, "sanity");
  write("a.json", suite_with(kSteps));
  write("b.json", sanity);
  write("notes.txt", "not a suite");
  const auto set = SuiteSet::load(path_);
  ASSERT_TRUE(set) << to_string(set.error());
  ASSERT_EQ(set->suites().size(), 2U);
  EXPECT_EQ(set->suites()[0].area, "sanity");
}

TEST_F(SuiteDirectory, WithOneAreaTwiceIsAnError) {
  write("a.json", suite_with(kSteps));
  write("b.json", suite_with(kSteps));
  const auto set = SuiteSet::load(path_);
  ASSERT_FALSE(set);
  EXPECT_NE(to_string(set.error()).find("b.json: $.area: \"sample\" is the area of"),
            std::string::npos);
}

}  // namespace
}  // namespace framespec::conformance
