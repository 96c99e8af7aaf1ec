#include "launch/output_lines.h"

#include <gtest/gtest.h>

#include <string>

namespace framespec::conformance {
namespace {

std::string text_of(std::string_view written) {
  OutputLines lines;
  lines.add(written);
  return lines.text();
}

std::string numbered(int first, int last) {
  std::string lines;
  for (int number = first; number <= last; ++number) lines += std::to_string(number) + "\n";
  return lines;
}

TEST(OutputLines, ShowsFewLinesAsTheyAre) {
  EXPECT_EQ(text_of(""), "");
  EXPECT_EQ(text_of("one\n\ttwo\nthree"), "one\n\ttwo\nthree");
  EXPECT_EQ(text_of(numbered(1, 16)) + "\n", numbered(1, 16));
}

TEST(OutputLines, LeavesOutEmptyLinesAndWhatEndsALineElsewhere) {
  EXPECT_EQ(text_of("\n\r\none\r\n\n\ntwo\n\n"), "one\ntwo");
}

TEST(OutputLines, KeepsTheFirstAndTheLastOnes) {
  EXPECT_EQ(text_of(numbered(1, 17)) + "\n",
            numbered(1, 8) + "... 1 more line ...\n" + numbered(10, 17));
  EXPECT_EQ(text_of(numbered(1, 100'000)) + "\n",
            numbered(1, 8) + "... 99984 more lines ...\n" + numbered(99'993, 100'000));
}

TEST(OutputLines, ShowsEqualLinesOnceWhereverTheyRepeat) {
  EXPECT_EQ(text_of("a\na\nb\na\n"), "a  (3 times)\nb");
  EXPECT_EQ(text_of(numbered(1, 9) + "x\n" + numbered(1, 10) + "x\n"),
            "1  (2 times)\n2  (2 times)\n3  (2 times)\n4  (2 times)\n5  (2 times)\n6  (2 times)\n"
            "7  (2 times)\n8  (2 times)\n9  (2 times)\n10\nx  (2 times)");
}

TEST(OutputLines, CountsWhatItLeavesOutWithItsRepetitions) {
  EXPECT_EQ(text_of(numbered(1, 8) + "x\nx\nx\n" + numbered(9, 16)) + "\n",
            numbered(1, 8) + "... 3 more lines ...\n" + numbered(9, 16));
}

TEST(OutputLines, FoldsALongLineAtACharacter) {
  const std::string long_line(OutputLines::kLineSizeMax, 'x');
  EXPECT_EQ(text_of(long_line), long_line);
  EXPECT_EQ(text_of(long_line + "y"), long_line + "...");
  EXPECT_EQ(text_of(std::string(1 << 20, 'x') + "\nlast"), long_line + "...\nlast");
  EXPECT_EQ(text_of(long_line.substr(1) + "€€"), long_line.substr(1) + "...");
}

TEST(OutputLines, DoesNotCareHowTheyCome) {
  const std::string written =
      numbered(1, 30) + "größer €\r\n" + std::string(1000, 'x') + "\n\n" + numbered(25, 30);
  OutputLines lines;
  for (const char letter : written) lines.add(std::string_view(&letter, 1));
  EXPECT_EQ(lines.text(), text_of(written));
}

TEST(OutputLines, IsPrintable) {
  EXPECT_EQ(text_of(std::string_view("\x1b[31m\x9b"
                                     "31m\u202E\0\rx\n",
                                     16)),
            R"(\x1b[31m\x9b31m\xe2\x80\xae\x00\x0dx)");
  EXPECT_EQ(text_of(std::string(1 << 20, '\0')).size(), 4 * OutputLines::kLineSizeMax + 3);
}

TEST(OutputLines, ForgetsAllAtOnce) {
  OutputLines lines;
  lines.add(numbered(1, 100) + "begun");
  lines.clear();
  EXPECT_EQ(lines.text(), "");
  lines.add("anew\n");
  EXPECT_EQ(lines.text(), "anew");
}

}  // namespace
}  // namespace framespec::conformance
