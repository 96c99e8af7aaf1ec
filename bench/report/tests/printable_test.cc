#include "report/printable.h"

#include <gtest/gtest.h>

namespace framespec::bench {
namespace {

TEST(Printable, HasNothingThatATerminalObeys) {
  EXPECT_EQ(printable("a\x1B[2Jb\rc\x7F\x9B"
                      "\xC2\x9B"
                      "d\ne\tf"),
            "a?[2Jb?c?\x9B?d?e\tf");
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a?b");
  EXPECT_EQ(printable("a\nb\r\n", true), "a\nb?\n");
  EXPECT_EQ(printable("µ é … \xC2"), "µ é … \xC2");
}

}  // namespace
}  // namespace framespec::bench
