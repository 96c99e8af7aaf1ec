#include "os/diag_socket.h"

#include <gtest/gtest.h>

#include <string>

namespace framespec::os {
namespace {

TEST(DiagSocket, IsOpenedInANamespaceOrTellsTheRightThatIsMissing) {
  const auto diag = DiagSocket::open_in("/proc/self/ns/net");
  if (!diag) {
    EXPECT_NE(diag.error().find("CAP_SYS_ADMIN"), std::string::npos) << diag.error();
  }
  const auto none = DiagSocket::open_in("/proc/self/ns/no_such");
  ASSERT_FALSE(none.has_value());
  EXPECT_NE(none.error().find("/proc/self/ns/no_such (open: "), std::string::npos) << none.error();
}

}  // namespace
}  // namespace framespec::os
