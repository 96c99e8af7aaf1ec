#include "loopback/server_list.h"

#include <gtest/gtest.h>

#include <fstream>

namespace framespec::bench {
namespace {

std::filesystem::path list_of(const std::string& text) {
  const std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
  const std::filesystem::path file =
      std::filesystem::path(testing::TempDir()) / ("servers-" + name + ".json");
  std::ofstream(file) << text;
  return file;
}

TEST(ServerList, FillsPlacesInAndLeavesThePort) {
  const auto servers =
      read_server_list(list_of(R"({"servers": [{"name": "one", "command": ["{a}/x{a}", "{port}"]},
                              {"name": "two", "command": ["y"], "dialect": "int32be"}]})"),
                       {{"{a}", "/there"}});
  ASSERT_TRUE(servers) << servers.error();
  ASSERT_EQ(servers->size(), 2U);
  EXPECT_EQ(servers->front().command, (std::vector<std::string>{"/there/x/there", "{port}"}));
  EXPECT_EQ(servers->front().dialect, "int32");
  EXPECT_EQ(servers->back().dialect, "int32be");
}

TEST(ServerList, WhatIsNoListIsRefused) {
  for (const char* const text : {"", "{}", R"({"servers": [{"name": "one"}]})",
                                 R"({"servers": [{"name": "one", "command": []}]})",
                                 R"({"servers": [{"name": "a/b", "command": ["x"]}]})",
                                 R"({"servers": [{"name": "", "command": ["x"]}]})",
                                 R"({"servers": [{"name": "one", "command": ["x"]},
                                                 {"name": "one", "command": ["y"]}]})"}) {
    EXPECT_FALSE(read_server_list(list_of(text), {})) << text;
  }
  EXPECT_FALSE(read_server_list("/nonexistent", {}));
}

TEST(ServerList, AServerIsThereWithItsProgramAndWhatThatReads) {
  EXPECT_TRUE(is_there({.command = {"sh", "/etc/passwd", "{port}"}}));
  EXPECT_FALSE(is_there({.command = {"sh", "/nonexistent"}}));
  EXPECT_FALSE(is_there({.command = {"no-such-program"}}));
  EXPECT_FALSE(is_there({.command = {"/etc/passwd"}}));
}

}  // namespace
}  // namespace framespec::bench
