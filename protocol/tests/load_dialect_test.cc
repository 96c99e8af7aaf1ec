// load_dialect: by name or from a file, and what cannot be one.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>

#include "framespec/dialect.h"
#include "scratch_directory.h"

namespace framespec {
namespace {

TEST(LoadDialect, PrefersAShippedNameToAFile) {
  const auto dialect = load_dialect("int32");
  ASSERT_TRUE(dialect);
  EXPECT_EQ(dialect->name, "int32");
}

TEST(LoadDialect, ReadsAFile) {
  const ScratchDirectory directory;
  const auto dialect = load_dialect(
      directory.write("toy.json", R"({"name": "toy", "length": {"width": 3, "order": "big"}})"));
  ASSERT_TRUE(dialect) << to_string(dialect.error());
  EXPECT_EQ(dialect->name, "toy");
  EXPECT_EQ(dialect->payload_size_max, 0xffffffU);
}

TEST(LoadDialect, AnErrorInAFileNamesFileAndPath) {
  const ScratchDirectory directory;
  const std::string path =
      directory.write("toy.json", R"({"name": "toy", "length": {"width": 9}})");
  const auto dialect = load_dialect(path);
  ASSERT_FALSE(dialect);
  EXPECT_EQ(to_string(dialect.error()),
            path +
                ": $.length.width: 9 is not allowed; it must be a whole number from 1 to 8, in "
                "digits");
}

TEST(LoadDialect, AnUnknownNameListsWhatThereIs) {
  const auto dialect = load_dialect("int32bee");
  ASSERT_FALSE(dialect);
  const std::string message = to_string(dialect.error());
  EXPECT_EQ(message.find("there is no dialect and no file called \"int32bee\"; did you mean "
                         "\"int32be\"? The dialects are int32, int64, json, "),
            0U)
      << message;
  EXPECT_NE(message.find(", or give the path of a dialect file"), std::string::npos) << message;
  for (const Dialect& shipped : shipped_dialects()) {
    EXPECT_NE(message.find(shipped.name), std::string::npos) << shipped.name;
  }
}

TEST(LoadDialect, ANameLikeNoOtherGetsNoSuggestion) {
  const std::string message = to_string(load_dialect("quux").error());
  EXPECT_EQ(message.find("did you mean"), std::string::npos) << message;
  EXPECT_EQ(message.find("there is no dialect and no file called \"quux\". The dialects"), 0U);
}

TEST(LoadDialect, AnEmptyNameIsUnknown) {
  EXPECT_EQ(to_string(load_dialect("").error()).find("there is no dialect and no file called \"\""),
            0U);
}

TEST(LoadDialect, ADirectoryIsNoDialect) {
  const ScratchDirectory directory;
  EXPECT_EQ(to_string(load_dialect(directory.path()).error()),
            directory.path() + ": cannot be read: it is a directory");
}

// Nobody writes to it: whoever opened it would wait for ever.
TEST(LoadDialect, APipeIsRefusedAtOnce) {
  const ScratchDirectory directory;
  const std::string pipe = directory.path() + "/pipe.json";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(to_string(load_dialect(pipe).error()),
            pipe + ": cannot be read: it is a pipe (FIFO); give an ordinary file");
}

TEST(LoadDialect, AFileWithAByteOrderMarkIsRefused) {
  const ScratchDirectory directory;
  const std::string text = R"({"name": "toy", "length": {"width": 1}})";
  for (const char* mark : {"\xEF\xBB\xBF", "\xFF\xFE", "\xFE\xFF"}) {
    const std::string path = directory.write("marked.json", mark + text);
    EXPECT_EQ(
        to_string(load_dialect(path).error()),
        path + ": $: line 1, column 1: a byte order mark; save the file as UTF-8 without one");
  }
}

// Every place that a message may repeat, with @ for 70 kB.
constexpr const char* kPlaces[] = {
    R"({"name": "@"})",
    R"({"name": "\u@"})",
    R"({"@": 1})",
    R"("@")",
    "@",
    R"({"name": "toy", "length": "@"})",
    R"({"name": "toy", "length": {"width": @}})",
    R"({"name": "toy", "length": {"width": "@"}})",
    R"({"name": "toy", "length": {"@": 1}})",
    R"({"name": "toy", "length": {"width": 1}, @})",
    R"({"name": "toy", "length": {"width": 1}, "description": "@"})",
    R"({"name": "toy", "length": {"width": 1}, "sources": "@"})",
    R"({"name": "toy", "length": {"width": 1}, "sources": [@]})",
    R"({"name": "toy", "length": {"width": 1}, "header": "@"})",
    R"({"name": "toy", "length": {"width": 1}, "lead": {"bytes": "@"}})",
    R"({"name": "toy", "length": {"width": 1}, "trailer": "@"})",
    R"({"name": "toy", "length": {"width": 1}, "requests": "@"})",
};

TEST(LoadDialect, AMessageNeverRepeatsAHugeValue) {
  constexpr std::size_t kMessageSizeMax = 1500;  // it may list all dialects
  const ScratchDirectory directory;
  const std::string huge(70'000, '7');
  for (const char* place : kPlaces) {
    std::string text = place;
    text.replace(text.find('@'), 1, huge);
    const auto dialect = load_dialect(directory.write("toy.json", text));
    ASSERT_FALSE(dialect) << place;
    EXPECT_LT(to_string(dialect.error()).size(), kMessageSizeMax) << place;
    EXPECT_LT(to_string(load_dialect(text).error()).size(), kMessageSizeMax) << place;
  }
}

TEST(LoadDialect, AFileWhoseReadFailsIsReported) {
  // Address 0 of one's own memory: opens, and cannot be read, even by root.
  EXPECT_EQ(to_string(load_dialect("/proc/self/mem").error()),
            "/proc/self/mem: cannot be read: Input/output error");
}

TEST(LoadDialect, AnEndlessFileIsReadUpToTheLimitOnly) {
  EXPECT_EQ(to_string(load_dialect("/dev/zero").error()),
            "/dev/zero: $: the file is too large; it may have at most 1048576 bytes");
}

TEST(LoadDialect, AFileOfExactlyTheLimitIsRead) {
  const ScratchDirectory directory;
  std::string text = R"({"name": "toy", "length": {"width": 1}})";
  text.resize(kDialectFileSizeMax, ' ');
  EXPECT_TRUE(load_dialect(directory.write("limit.json", text)));
  EXPECT_FALSE(load_dialect(directory.write("above.json", text + ' ')));
}

}  // namespace
}  // namespace framespec
