// The JSON header's codec, beyond what vectors/json_header.json shows in streams.
#include "framespec/json_header.h"

#include <gtest/gtest.h>

#include <string>

namespace framespec {
namespace {

constexpr std::string_view kMd5 = "165069c8f668edb6b48f208f7a5c6a00";

// A header with these texts in the places of the three values.
std::string header(std::string_view filename, std::string_view md5, std::string_view total_size) {
  return std::string(R"({"filename": )") + std::string(filename) + R"(, "md5": )" +
         std::string(md5) + R"(, "total_size": )" + std::string(total_size) + "}";
}

std::string with_size(std::string_view total_size) {
  return header("\"a\"", "\"" + std::string(kMd5) + "\"", total_size);
}

std::string error_of(std::string_view text, const JsonHeaderLimits& limits = {}) {
  const auto parsed = parse_json_header(text, limits);
  return parsed ? "no error"
                : std::string(name_of(parsed.error().kind)) + ": " + parsed.error().detail;
}

// What Python's json.dumps writes for these names; each was taken from it.
TEST(JsonHeaderTest, EncodesAsJsonDumpsDoes) {
  const std::pair<std::string, std::string_view> goldens[] = {
      {"musibii.jpg", R"("musibii.jpg")"},
      {"a", R"("a")"},
      {"", R"("")"},
      {"r\xc3"
       "\xa9"
       "sum\xc3"
       "\xa9"
       ".txt",
       R"("r\u00e9sum\u00e9.txt")"},
      {"\xf0"
       "\x9f"
       "\x98"
       "\x80"
       " smile",
       R"("\ud83d\ude00 smile")"},
      {"\xe4"
       "\xbd"
       "\xa0"
       "\xe5"
       "\xa5"
       "\xbd"
       "",
       R"("\u4f60\u597d")"},
      {"quote\" back\\slash /solidus", R"("quote\" back\\slash /solidus")"},
      {"tab\x09"
       "nl\x0a"
       "cr\x0d"
       "ff\x0c"
       "bs\x08"
       "",
       R"("tab\tnl\ncr\rff\fbs\b")"},
      {"\x01"
       "\x1f"
       "\x7f"
       "",
       R"("\u0001\u001f\u007f")"},
      {"\xe2"
       "\x80"
       "\xa8"
       "\xef"
       "\xbf"
       "\xbf"
       "",
       R"("\u2028\uffff")"},
      {"\xf4"
       "\x8f"
       "\xbf"
       "\xbf"
       "",
       R"("\udbff\udfff")"},
  };
  for (const auto& [name, dumped] : goldens) {
    const JsonHeader value{name, std::string(kMd5), 12345678901};
    const std::string expected = R"({"filename": )" + std::string(dumped) +
                                 R"(, "md5": "165069c8f668edb6b48f208f7a5c6a00", )" +
                                 R"("total_size": 12345678901})";
    EXPECT_EQ(encode_json_header(value), expected);
  }
}

TEST(JsonHeaderTest, ReadsBackWhatItEncodes) {
  for (const std::string& name : {std::string("musibii.jpg"), std::string("r\xC3\xA9sum\xC3\xA9"),
                                  std::string("\xF0\x9F\x98\x80"), std::string("a\"b\tc\x7F"),
                                  std::string("\xEF\xBF\xBF"), std::string(255, 'n')}) {
    for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{1}, UINT64_MAX}) {
      const JsonHeader value{name, std::string(kMd5), size};
      const auto parsed = parse_json_header(encode_json_header(value));
      ASSERT_TRUE(parsed) << parsed.error().detail;
      EXPECT_EQ(*parsed, value);
    }
  }
}

TEST(JsonHeaderTest, BytesThatAreNoUtf8AreEncodedAsReplacements) {
  const std::string text = encode_json_header({"a\xFFz\xC3", std::string(kMd5), 1});
  EXPECT_TRUE(text.contains("\"a\\ufffdz\\ufffd\"")) << text;
}

TEST(JsonHeaderTest, SizesKeepEveryDigit) {
  const auto parsed = parse_json_header(with_size("9007199254740993"));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->total_size, 9007199254740993U) << "2^53 + 1 is no double";
  EXPECT_EQ(parse_json_header(with_size("18446744073709551615"))->total_size, UINT64_MAX);
  EXPECT_EQ(error_of(with_size("18446744073709551616")),
            "too_large: header byte 75: total_size is 18446744073709551616; at most "
            "18446744073709551615 is allowed");
}

TEST(JsonHeaderTest, SizesBeyondEveryIntegerAreReportedDigitByDigit) {
  for (const std::size_t count : {38U, 400U}) {
    const std::string digits(count, '1');
    EXPECT_EQ(error_of(with_size(digits), {.total_size_max = 1000}),
              "too_large: header byte 75: total_size is " + digits + "; at most 1000 is allowed");
  }
}

TEST(JsonHeaderTest, TheSizeLimitIsInclusive) {
  EXPECT_TRUE(parse_json_header(with_size("1000"), {.total_size_max = 1000}));
  EXPECT_EQ(error_of(with_size("1001"), {.total_size_max = 1000}).substr(0, 9), "too_large");
}

TEST(JsonHeaderTest, ErrorsNameThePlaceInTheHeader) {
  const auto parsed = parse_json_header(R"({"filename": "a", "md5" "x"})");
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().kind, ErrorKind::kHeaderSyntax);
  EXPECT_EQ(parsed.error().position, 24U);
  EXPECT_EQ(parsed.error().detail, "header byte 24: ':' must stand between a key and its value");
}

TEST(JsonHeaderTest, ANumberThatFillsTheHeaderIsNotRepeated) {
  const std::string error = error_of(with_size(std::string(60'000, '1')));
  EXPECT_NE(error.find("total_size is 1111"), std::string::npos) << error.substr(0, 500);
  EXPECT_LT(error.size(), 700U);
}

TEST(JsonHeaderTest, AByteOrderMarkIsNamedAsSuch) {
  EXPECT_EQ(error_of("\xEF\xBB\xBF" + with_size("1")),
            "header_encoding: header byte 0: a byte order mark; the text must start with '{'");
  EXPECT_EQ(error_of(with_size("1") + "\xEF\xBB\xBF").substr(0, 13), "header_syntax")
      << "behind the object the same three bytes are a character that should not be there";
}

TEST(JsonHeaderTest, SurrogatePairsAreOneCharacter) {
  const auto parsed = parse_json_header(
      header(R"("\ud83d\ude00 \uD83D\uDE00")", "\"" + std::string(kMd5) + "\"", "1"));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->filename, "\xF0\x9F\x98\x80 \xF0\x9F\x98\x80");
}

TEST(JsonHeaderTest, LoneSurrogatesAreErrorsOfEncodingWherever) {
  for (const char* const text : {R"("\ud800")", R"("\udc00")", R"("\ud800x")", R"("\ud800\n")",
                                 R"("\ud800\u0041")", R"("\udc00\ud800")", R"("\udbff\udbff")",
                                 R"("\ud800\x")", R"("\ud800\u12zz")", R"("\ud800\u")"}) {
    EXPECT_EQ(error_of(header(text, "\"x\"", "1")).substr(0, 15), "header_encoding") << text;
    EXPECT_EQ(error_of("{" + std::string(text) + ": 1}").substr(0, 15), "header_encoding") << text;
  }
}

// A half and the broken escape behind it are two errors, of which the left one counts; behind a
// whole pair the escape is the only one.
TEST(JsonHeaderTest, ABrokenEscapeIsAnErrorOfSyntaxUnlessItStandsBehindHalfAPair) {
  EXPECT_EQ(error_of(R"({"x": "\u12zz"})").substr(0, 13), "header_syntax");
  EXPECT_EQ(error_of(R"({"x": "\ud83d\ude00\u12zz"})").substr(0, 13), "header_syntax");
  EXPECT_EQ(error_of(R"({"x": "\\ud800\u12zz"})").substr(0, 13), "header_syntax");
  EXPECT_EQ(error_of(R"({"x": "\ud800\u12zz"})"),
            "header_encoding: header byte 7: half of a surrogate pair without the other");
}

TEST(JsonHeaderTest, AnEscapedNulInAFileNameIsUnsafeNotItsEnd) {
  EXPECT_EQ(error_of(header(R"("a\u0000b")", "\"" + std::string(kMd5) + "\"", "1")).substr(0, 16),
            "header_bad_value");
}

TEST(JsonHeaderTest, KeysAreComparedAfterTheirEscapesAreDecoded) {
  const std::string base = with_size("1");
  const std::string open = base.substr(0, base.size() - 1);
  EXPECT_EQ(error_of(open + R"(, "m\u00645": 2})").substr(0, 20), "header_duplicate_key");
  EXPECT_EQ(error_of(open + R"(, "\ud83d\ude00": 1, ")"
                            "\xF0\x9F\x98\x80"
                            R"(": 2})")
                .substr(0, 20),
            "header_duplicate_key");
  EXPECT_EQ(error_of(open + R"(, "M\u00645": 2})"), "no error");
}

TEST(JsonHeaderTest, DuplicatesAreFoundBehindWhatWasNestedBetween) {
  const std::string base = with_size("1");
  const std::string open = base.substr(0, base.size() - 1) + R"(, "k": )";
  for (const char* const between : {"0", "[]", "[1, [2]]", "{}", R"({"k": 1})", R"([{"k": 1}])",
                                    R"({"a": [{"k": 1}, {"k": 2}], "k": 3})"}) {
    EXPECT_EQ(error_of(open + between + "}"), "no error") << between;
    EXPECT_EQ(error_of(open + between + R"(, "k": 0})").substr(0, 20), "header_duplicate_key")
        << between;
    EXPECT_EQ(error_of(open + R"({"n": )" + between + R"(, "n": 0}})").substr(0, 20),
              "header_duplicate_key")
        << between;
  }
}

// Text is looked at in steps of several characters: what must be seen is seen at each place of a
// step, and where the text ends in the middle of one.
TEST(JsonHeaderTest, WhatIsNotPlainIsSeenAtEveryPlaceOfAString) {
  const std::string base = with_size("1");
  const std::string open = base.substr(0, base.size() - 1) + ", \"x\": \"";
  for (std::size_t size = 1; size <= 40; ++size) {
    for (std::size_t place = 0; place < size; ++place) {
      const auto error_with = [&](std::string_view what) {
        std::string value(size, '~');
        value.replace(place, 1, what);
        return error_of(open + value + "\"}");
      };
      const std::string at = "header byte " + std::to_string(open.size() + place) + ": ";
      for (const char* const plain : {" ", "!", "#", "[", "]", "\x7F", "\xC3\xA9", "\\n"}) {
        EXPECT_EQ(error_with(plain), "no error") << plain;
      }
      for (const char* const control : {"\x01", "\x1F", "\n"}) {
        EXPECT_EQ(error_with(control),
                  "header_syntax: " + at + "a control character must be escaped");
      }
      EXPECT_EQ(error_with("\xC3"), "header_encoding: " + at + "this is not valid UTF-8");
      EXPECT_EQ(error_with("\"").substr(0, 13), "header_syntax");
      EXPECT_EQ(error_with("\\x").substr(0, 13), "header_syntax");
    }
  }
}

TEST(JsonHeaderTest, DuplicatesAreFoundAmongManyKeys) {
  std::string wide = R"({"filename": "a", "md5": ")" + std::string(kMd5) + R"(", "total_size": 1)";
  for (int key = 0; key < 3000; ++key) wide += ", \"k" + std::to_string(key) + "\": 0";
  EXPECT_EQ(error_of(wide + "}"), "no error");
  for (const char* const again : {"k0", "k17", "k2999", "total_size"}) {
    EXPECT_EQ(error_of(wide + ", \"" + again + "\": 0}").substr(0, 20), "header_duplicate_key");
  }
}

TEST(JsonHeaderTest, NestingIsCountedFromTheHeaderItself) {
  const auto nested = [](std::size_t depth) {
    const std::string base = with_size("1");
    return base.substr(0, base.size() - 1) + ", \"x\": " + std::string(depth, '[') +
           std::string(depth, ']') + "}";
  };
  EXPECT_EQ(error_of(nested(15)), "no error");
  EXPECT_EQ(error_of(nested(16)).substr(0, 15), "header_too_deep");
  EXPECT_EQ(error_of(nested(1), {.depth_max = 2}), "no error");
  EXPECT_EQ(error_of(nested(2), {.depth_max = 2}).substr(0, 15), "header_too_deep");
  EXPECT_EQ(error_of(with_size("1"), {.depth_max = 1}), "no error");
}

// A recursive parser would need a stack as deep as the text.
TEST(JsonHeaderTest, AHundredThousandLevelsNeedNoStack) {
  constexpr std::size_t kDepth = 100'000;
  const std::string arrays = "{\"x\": " + std::string(kDepth, '[') + std::string(kDepth, ']') + "}";
  std::string objects;
  for (std::size_t level = 0; level < kDepth; ++level) objects += "{\"x\":";
  objects += "1" + std::string(kDepth, '}');
  for (const std::string& text : {arrays, objects}) {
    EXPECT_EQ(error_of(text).substr(0, 15), "header_too_deep");
    EXPECT_EQ(error_of(text, {.depth_max = UINT32_MAX}),
              "header_missing_key: the header has no filename");
  }
}

TEST(JsonHeaderTest, NumbersOfUnknownKeysFollowTheGrammar) {
  const std::string base = with_size("1");
  const std::string open = base.substr(0, base.size() - 1) + ", \"x\": ";
  for (const char* const number :
       {"0", "-0", "1.5", "-1.5e+10", "1E5", "0.0", "1e999", "123456789012345678901234567890"}) {
    EXPECT_EQ(error_of(open + number + "}"), "no error") << number;
  }
  for (const char* const number : {"01", "-", "+1", ".5", "1.", "1e", "1e+", "-a", "0x1", "1_000",
                                   "Infinity", "nul", "truefalse", "--1", "1.e5"}) {
    EXPECT_EQ(error_of(open + number + "}").substr(0, 13), "header_syntax") << number;
  }
}

TEST(JsonHeaderTest, WhiteSpaceIsThatOfJsonAlone) {
  const std::string base = with_size("1");
  EXPECT_EQ(error_of(" \t\r\n" + base + " \t\r\n"), "no error");
  for (const char* const other : {"\v", "\f", "\xC2\xA0", "\xE3\x80\x80"}) {
    EXPECT_EQ(error_of(other + base).substr(0, 13), "header_syntax");
    EXPECT_EQ(error_of(base + other).substr(0, 13), "header_syntax");
  }
}

TEST(JsonHeaderTest, EveryPrefixOfAHeaderIsWrong) {
  const std::string text = header(R"("\u00e9\ud83d\ude00")", "\"" + std::string(kMd5) + "\"", "12");
  ASSERT_EQ(error_of(text), "no error");
  for (std::size_t size = 0; size < text.size(); ++size) {
    const std::string error = error_of(std::string_view(text).substr(0, size));
    EXPECT_TRUE(error.starts_with("header_syntax") || error.starts_with("header_encoding"))
        << size << ": " << error;
  }
}

TEST(JsonHeaderTest, SafeFileNames) {
  for (const std::string_view name : {"a", "", ".", "a.b", ".hidden", "a b", "\xC3\xA9", "a:b"}) {
    EXPECT_TRUE(is_safe_filename(name)) << name;
  }
  for (const std::string_view name : {"..", "a/b", "/", "\\", "a..b", "../x", "\xFF", "a\xC3"}) {
    EXPECT_FALSE(is_safe_filename(name)) << name;
  }
  EXPECT_FALSE(is_safe_filename(std::string_view("a\0b", 3)));
  EXPECT_TRUE(is_safe_filename(std::string(255, 'n')));
  EXPECT_FALSE(is_safe_filename(std::string(256, 'n')));
}

}  // namespace
}  // namespace framespec
