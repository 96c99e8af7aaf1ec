// The parts of the server that need no process: values, addresses, rules, cache.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "command_rules.h"
#include "digest_cache.h"
#include "listen_address.h"
#include "option_values.h"
#include "options.h"
#include "port_file.h"
#include "server.h"
#include "temporary_folder.h"

namespace framespec::server {
namespace {

TEST(ByteCount, understands_suffixes) {
  EXPECT_EQ(parse_byte_count("0"), 0U);
  EXPECT_EQ(parse_byte_count("4096"), 4096U);
  EXPECT_EQ(parse_byte_count("64K"), 65'536U);
  EXPECT_EQ(parse_byte_count("16m"), 16U << 20);
  EXPECT_EQ(parse_byte_count("2G"), 2ULL << 30);
}

TEST(ByteCount, refuses_what_is_none) {
  for (const char* text :
       {"", "K", "-1", "1.5M", "12Q", "1 K", "18446744073709551616", "17179869184G"}) {
    EXPECT_FALSE(parse_byte_count(text)) << text;
  }
}

TEST(Duration, takes_fractions_and_refuses_what_is_none) {
  EXPECT_EQ(parse_seconds("0.25")->count(), 0.25);
  for (const char* text : {"", "-1", "nan", "inf", "1e9", "3s"}) {
    EXPECT_FALSE(parse_seconds(text)) << text;
  }
}

TEST(ListenAddress, has_three_forms) {
  const auto ipv4 = parse_listen_address("127.0.0.1:8080");
  ASSERT_TRUE(ipv4);
  EXPECT_EQ(ipv4->host, "127.0.0.1");
  EXPECT_EQ(ipv4->port, 8080);
  const auto ipv6 = parse_listen_address("[::1]:0");
  ASSERT_TRUE(ipv6);
  EXPECT_EQ(ipv6->host, "::1");
  const auto local = parse_listen_address("unix:/tmp/with:colon");
  ASSERT_TRUE(local);
  EXPECT_TRUE(local->is_unix);
  EXPECT_EQ(local->path, "/tmp/with:colon");
}

TEST(ListenAddress, says_what_is_wrong) {
  for (const char* text : {"", ":80", "host", "host:", "host:x", "host:-1", "host:65536", "::1:80",
                           "[::1:80", "[]:80", "unix:"}) {
    const auto address = parse_listen_address(text);
    ASSERT_FALSE(address) << text;
    EXPECT_TRUE(address.error().starts_with("cannot listen on '" + std::string(text) + "': "));
  }
}

TEST(CommandRules, give_an_allowed_command_to_the_shell_and_a_program_to_none) {
  const CommandRules rules({"ls | wc -l"}, {"ls"});
  EXPECT_EQ(rules.arguments_for("ls | wc -l"),
            (std::vector<std::string>{"/bin/sh", "-c", "ls | wc -l"}));
  EXPECT_EQ(rules.arguments_for("ls | wc"), (std::vector<std::string>{"ls", "|", "wc"}));
  EXPECT_EQ(rules.arguments_for(" ls ''  'a b'c\t\"it's\" "),
            (std::vector<std::string>{"ls", "", "a bc", "it's"}));
}

TEST(CommandRules, refuse_everything_else) {
  const CommandRules rules({"ls -l"}, {"ls"});
  for (const std::string& request :
       {std::string(), std::string("  "), std::string("wc"), std::string("ls 'x"),
        std::string("./ls"), std::string("ls\0x", 4), std::string("'ls' \"")}) {
    EXPECT_FALSE(rules.arguments_for(request)) << request;
  }
}

constexpr std::int64_t kLongAfter = DigestCache::kSettledNs + 1;

TEST(DigestCache, forgets_the_oldest_first) {
  DigestCache cache;
  for (std::uint64_t inode = 0; inode <= DigestCache::kSizeMax; ++inode) {
    cache.put({.inode = inode}, kLongAfter, std::to_string(inode));
  }
  EXPECT_EQ(cache.find({.inode = 0}), std::nullopt);
  EXPECT_EQ(cache.find({.inode = 1}), "1");
  EXPECT_EQ(cache.find({.inode = DigestCache::kSizeMax}), std::to_string(DigestCache::kSizeMax));
  EXPECT_EQ(cache.find({.inode = 1, .size = 1}), std::nullopt);
}

TEST(DigestCache, remembers_no_file_that_had_just_changed) {
  DigestCache cache;
  cache.put({.inode = 1, .modified_ns = 1}, kLongAfter, "one");
  cache.put({.inode = 2, .changed_ns = 1}, kLongAfter, "two");
  cache.put({.inode = 3}, kLongAfter, "three");
  EXPECT_EQ(cache.find({.inode = 1, .modified_ns = 1}), std::nullopt);
  EXPECT_EQ(cache.find({.inode = 2, .changed_ns = 1}), std::nullopt);
  EXPECT_EQ(cache.find({.inode = 3}), "three");
}

TEST(DigestCache, forgets_what_proved_wrong) {
  DigestCache cache;
  cache.put({.inode = 1}, kLongAfter, "wrong");
  cache.forget({.inode = 1});
  EXPECT_EQ(cache.find({.inode = 1}), std::nullopt);
  cache.put({.inode = 1}, kLongAfter, "right");
  EXPECT_EQ(cache.find({.inode = 1}), "right");
}

TEST(PortFile, on_a_full_disk_is_no_mistake_of_the_command_line) {
  const testing::TemporaryFolder folder;
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit full{.rlim_cur = 0, .rlim_max = before.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &full), 0);
  const auto file = PortFile::write(folder.path("port"), "4711\n");
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, kExitNetwork) << file.error().text;
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Server, takes_signals_before_it_opens_what_they_would_leave_behind) {
  const testing::TemporaryFolder folder;
  folder.write("socket", "in the way");
  const std::string address = "unix:" + folder.path("socket");
  const std::array<const char*, 3> arguments{"framespec-server", "--listen", address.c_str()};
  const auto options = parse_options(static_cast<int>(arguments.size()), arguments.data());
  ASSERT_TRUE(options);
  Server server(*options);
  ASSERT_FALSE(server.open());
  for (const int signal : {SIGTERM, SIGINT, SIGQUIT, SIGHUP}) {
    struct sigaction taken{};
    ASSERT_EQ(::sigaction(signal, nullptr, &taken), 0);
    EXPECT_NE(taken.sa_handler, SIG_DFL) << signal;
  }
}

}  // namespace
}  // namespace framespec::server
