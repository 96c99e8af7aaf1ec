#include "delivery/other_namespaces.h"

#include <gtest/gtest.h>

namespace framespec::delivery {
namespace {

using Known = OtherNamespaces::Known;

bool nowhere(os::DiagSocket& /*there*/) { return false; }
bool anywhere(os::DiagSocket& /*there*/) { return true; }

TEST(OtherNamespaces, WhereNoneIsKnownThereIsNothingToSay) {
  OtherNamespaces namespaces([] { return Known{}; });
  const auto found = namespaces.find(anywhere);
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error(), "");
}

TEST(OtherNamespaces, AreListedOnceUntilTheyAreRenewed) {
  int asked = 0;
  OtherNamespaces namespaces([&asked] {
    ++asked;
    return Known{};
  });
  for (int times = 0; times < 5; ++times) EXPECT_FALSE(namespaces.find(anywhere).has_value());
  EXPECT_EQ(asked, 1);
  namespaces.renew();
  EXPECT_FALSE(namespaces.find(anywhere).has_value());
  EXPECT_EQ(asked, 2);
}

TEST(OtherNamespaces, AreEnteredAFewTimesInVainAndNotForEver) {
  OtherNamespaces namespaces(
      [] { return Known{.paths = {"/proc/self/ns/net", "/proc/self/ns/no_such"}, .hidden = 0}; });
  int looked = 0;
  const auto look = [&looked](os::DiagSocket& /*there*/) {
    ++looked;
    return false;
  };
  std::string why_not;
  for (int times = 0; times < 10; ++times) why_not = namespaces.find(look).error();
  EXPECT_LE(looked, 3);
  EXPECT_NE(why_not.find("/proc/self/ns/no_such"), std::string::npos) << why_not;
}

TEST(OtherNamespaces, ThatAreNotShownAreCounted) {
  OtherNamespaces namespaces([] { return Known{.paths = {}, .hidden = 7}; });
  const auto found = namespaces.find(nowhere);
  ASSERT_FALSE(found.has_value());
  EXPECT_NE(found.error().find("7 processes"), std::string::npos) << found.error();
  EXPECT_NE(found.error().find("CAP_SYS_PTRACE"), std::string::npos) << found.error();
}

}  // namespace
}  // namespace framespec::delivery
