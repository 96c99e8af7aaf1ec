#include "launch/command_template.h"

#include <gtest/gtest.h>

namespace framespec::conformance {
namespace {

LaunchValues values() {
  return {.port = 4711, .host = "127.0.0.1", .dialect = "my file.json", .max_payload = 1024};
}

TEST(FillCommand, FillsWhatItKnowsAndLeavesTheRest) {
  EXPECT_EQ(fill_command("./s {host}:{port} {max_payload} ${x} {other} {", values()),
            "./s 127.0.0.1:4711 1024 ${x} {other} {");
}

TEST(FillCommand, QuotesWhatTheShellWouldSplit) {
  EXPECT_EQ(fill_command("./s {dialect}", values()), "./s 'my file.json'");
}

TEST(CommandUses, SeesPlaceholdersAndVariables) {
  EXPECT_TRUE(command_uses("./s {dialect}", "dialect"));
  EXPECT_TRUE(command_uses("./s $FRAMESPEC_DIALECT", "dialect"));
  EXPECT_FALSE(command_uses("./s {port}", "dialect"));
}

TEST(ShellWord, SurvivesQuotes) {
  EXPECT_EQ(shell_word("segmentation/int32/cut_at-1/one"), "segmentation/int32/cut_at-1/one");
  EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_word("length/*"), "'length/*'");
  EXPECT_EQ(shell_word(""), "''");
}

}  // namespace
}  // namespace framespec::conformance
