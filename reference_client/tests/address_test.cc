#include "address.h"

#include <gtest/gtest.h>

namespace framespec::client::test {
namespace {

TEST(Address, HostAndPort) {
  const auto address = parse_address("localhost:7000");
  ASSERT_TRUE(address) << address.error().message;
  EXPECT_EQ(address->host, "localhost");
  EXPECT_EQ(address->port, "7000");
  EXPECT_FALSE(address->is_unix());
}

TEST(Address, Ipv6InBrackets) {
  const auto address = parse_address("[fe80::1%eth0]:65535");
  ASSERT_TRUE(address) << address.error().message;
  EXPECT_EQ(address->host, "fe80::1%eth0");
  EXPECT_EQ(address->port, "65535");
}

TEST(Address, UnixSocket) {
  const auto address = parse_address("unix:/run/a:b.sock");
  ASSERT_TRUE(address) << address.error().message;
  EXPECT_TRUE(address->is_unix());
  EXPECT_EQ(address->path, "/run/a:b.sock");
}

TEST(Address, MistakesAreUsageFailures) {
  for (const std::string& text :
       {std::string(), std::string(":"), std::string("h"), std::string("h:"), std::string(":7"),
        std::string("h:0"), std::string("h:65536"), std::string("h:7x"), std::string("h:-7"),
        std::string("::1:7"), std::string("[]:7"), std::string("unix:"),
        "unix:" + std::string(108, 'p')}) {
    const auto address = parse_address(text);
    ASSERT_FALSE(address) << text;
    EXPECT_EQ(address.error().code, ExitCode::kUsage) << text;
    EXPECT_NE(address.error().message.find(text), std::string::npos) << address.error().message;
  }
}

}  // namespace
}  // namespace framespec::client::test
