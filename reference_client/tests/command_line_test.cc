// The command line: what is asked for, and how a mistake is answered.
#include <gtest/gtest.h>

#include "child_process.h"
#include "option_values.h"
#include "options.h"
#include "scratch_folder.h"

namespace framespec::client::test {
namespace {

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(CommandLine, HelpAndVersion) {
  const Ended help = run_client({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  for (const char* part :
       {"send", "exec", "get", "prompt", "--dialect", "--md5", "Examples:", "Exit codes:"}) {
    EXPECT_TRUE(holds(help.out, part)) << part << help.out;
  }
  const Ended send_help = run_client({"send", "--help"});
  EXPECT_EQ(send_help.exit_code, 0);
  EXPECT_TRUE(holds(send_help.out, "--expect-echo")) << send_help.out;
  const Ended version = run_client({"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_TRUE(holds(version.out, "framespec-client 0.")) << version.out;
}

TEST(CommandLine, HelpFitsAHundredColumns) {
  for (const std::vector<std::string>& command : {std::vector<std::string>{"--help"},
                                                  {"send", "--help"},
                                                  {"get", "--help"},
                                                  {"exec", "--help"}}) {
    const std::string text = run_client(command).out;
    std::size_t start = 0;
    for (std::size_t end = text.find('\n'); end != std::string::npos;
         end = text.find('\n', start)) {
      EXPECT_LE(end - start, 100U) << text.substr(start, end - start);
      start = end + 1;
    }
  }
}

TEST(CommandLine, ControlCharactersOfTheUserDoNotReachTheTerminal) {
  const std::string hostile = "\x1b[31m\x9b\u202e\n";
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"localhost:1", "-d", "int32", "prompt", hostile},
        {"localhost:1", "-d", "/no/such/" + hostile, "send", "x"},
        {hostile, "-d", "int32", "send", "x"}}) {
    const std::string said = run_client(command).err;
    EXPECT_TRUE(holds(said, R"(\x1b[31m\x9b\xe2\x80\xae\x0a)")) << said;
    EXPECT_EQ(said.find_first_of("\x1b\x9b"), std::string::npos) << said;
  }
}

TEST(CommandLine, MistakesAreUsageErrorsInOneSentence) {
  struct Row {
    std::vector<std::string> arguments;
    const char* said;
  };
  const ScratchFolder folder;
  folder.write("bad.json", "{\"name\": \"bad\", \"length\": {\"width\": 9}}");
  folder.write(
      "tight.json",
      R"({"name": "tight", "length": {"width": 1}, "header": {"kind": "json", "maximum": 71}})");
  const std::vector<Row> rows{
      {{}, "subcommand"},
      {{"127.0.0.1:7"}, "subcommand"},
      {{"send", "x", "-d", "int32"}, "the server's address is missing"},
      {{"127.0.0.1:7", "send", "x"}, "--dialect is missing"},
      {{"127.0.0.1:7", "-d", "nosuch", "send", "x"}, "nosuch"},
      {{"127.0.0.1:7", "-d", folder.path("bad.json"), "send", "x"}, "$."},
      {{"127.0.0.1:7", "-d", folder.path("tight.json"), "send", "x"},
       "tight.json: $.header.maximum: 71 is too little here; the header of a 0-byte payload named "
       "\"request\" has 83 bytes"},
      {{"127.0.0.1", "-d", "int32", "send", "x"}, "has no port"},
      {{"127.0.0.1:0", "-d", "int32", "send", "x"}, "is not a port"},
      {{"::1:7", "-d", "int32", "send", "x"}, "[IPV6]:PORT"},
      {{"h:7", "-d", "int32", "--md5", "maybe", "send", "x"},
       "'maybe' is not one of ignore|verify|warn"},
      {{"h:7", "-d", "int32", "--timeout", "-1", "send", "x"}, "timeout"},
      {{"h:7", "-d", "dns-tcp", "--max-payload", "5", "send", "x"},
       "--max-payload: a payload limit of 5 bytes does not suit dns-tcp"},
      {{"h:7", "-d", "int32", "--timeout", "nan", "send", "x"}, "'nan' is not a number of seconds"},
      {{"h:7", "-d", "int32", "--max-payload", "many", "send", "x"},
       "--max-payload: 'many' is not a number of bytes such as"},
      {{"h:7", "-d", "int32", "send", "--file", "/no/such/file"}, "/no/such/file"},
      {{"h:7", "-d", "int32", "send", "--in-flight", "0", "x"}, "in-flight"},
      {{"h:7", "-d", "int32", "exec"}, "exec needs the command"},
      {{"h:7", "-d", "int32", "exec", "a", "b"}, "b"},
      {{"h:7", "-d", "int32", "get"}, "get needs the name"},
      {{"h:7", "-d", "int32", "get", "--", "a", "b"}, "'b' is one argument too many"},
      {{"h:7", "-d", "int32", "prompt", "--", "x"}, "'x' is one argument too many"},
      {{"h:7", "-d", "int32", "frobnicate"}, "subcommand"},
      {{"h:7", "-d", "int32", "--reply", "raw", "send", "--expect-echo", "x"},
       "--expect-echo needs framed"},
      {{"h:7", "-d", "int32", "--reply", "raw", "send", "--output", "json", "x"},
       "need framed replies"},
  };
  for (const Row& row : rows) {
    const Ended ended = run_client(row.arguments);
    std::string line;
    for (const std::string& argument : row.arguments) line += argument + " ";
    EXPECT_EQ(ended.exit_code, 2) << line << to_string(ended);
    EXPECT_TRUE(holds(ended.err, row.said)) << line << ended.err;
    EXPECT_TRUE(ended.err.starts_with("framespec-client: error: ")) << ended.err;
    EXPECT_EQ(ended.out, "");
  }
}

std::expected<Options, EarlyExit> parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "framespec-client");
  return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

TEST(CommandLine, RequestsAreRawWhereTheDialectSaysSo) {
  const ScratchFolder folder;
  std::string text = to_json(*find_dialect("int32"));
  const std::size_t at = text.find("\"framed\"");
  ASSERT_NE(at, std::string::npos) << text;
  text.replace(at, 8, "\"raw\"");
  folder.write("raw.json", text);
  const std::string path = folder.path("raw.json");
  const auto as_dialect = parse({"h:7", "-d", path.c_str(), "exec", "ls"});
  ASSERT_TRUE(as_dialect) << as_dialect.error().text;
  EXPECT_EQ(as_dialect->request, Framing::kRaw);
  const auto as_told = parse({"h:7", "-d", path.c_str(), "--request", "framed", "exec", "ls"});
  ASSERT_TRUE(as_told) << as_told.error().text;
  EXPECT_EQ(as_told->request, Framing::kFramed);
}

TEST(CommandLine, LimitsAndTimes) {
  const auto options = parse({"h:7", "-d", "int64", "--max-payload", "2K", "--timeout", "0.0001",
                              "--connect-timeout", "0", "--no-nodelay", "prompt"});
  ASSERT_TRUE(options) << options.error().text;
  EXPECT_EQ(options->reply_dialect.payload_size_max, 2048U);
  EXPECT_EQ(options->dialect.payload_size_max, find_dialect("int64")->payload_size_max);
  EXPECT_EQ(options->timeout, std::chrono::milliseconds(1));
  EXPECT_EQ(options->connect_timeout, std::chrono::milliseconds(0));
  EXPECT_FALSE(options->nodelay);
}

TEST(CommandLine, SizesAreDigitsAndASuffix) {
  EXPECT_EQ(parse_byte_count("0"), 0U);
  EXPECT_EQ(parse_byte_count("3k"), 3072U);
  EXPECT_EQ(parse_byte_count("17179869183G"), 17179869183ULL << 30U);
  EXPECT_EQ(parse_byte_count("18446744073709551615"), UINT64_MAX);
  for (const char* text :
       {"", "K", "-1", "+1", " 1", "1 ", "1.5M", "1T", "0x10", "1KK", "99999999999G",
        "17179869184G", "18446744073709551616", "18446744073709551617"}) {
    EXPECT_FALSE(parse_byte_count(text)) << text;
  }
}

TEST(CommandLine, HelpShowsNoDefaultOfAFlag) {
  const std::string text = run_client({"--help"}).out;
  EXPECT_EQ(text.find('{'), std::string::npos) << text;
}

TEST(CommandLine, TextMayLookLikeASubcommandOrAnOption) {
  const auto options = parse({"h:7", "-d", "int32", "send", "get", "exec", "--", "-q", "--help"});
  ASSERT_TRUE(options) << options.error().text;
  EXPECT_EQ(std::get<SendOptions>(options->command).texts,
            (std::vector<std::string>{"get", "exec", "-q", "--help"}));
}

}  // namespace
}  // namespace framespec::client::test
