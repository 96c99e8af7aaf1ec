// MD5: the digests of RFC 1321, in one piece and in many.
#include "framespec/md5.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace framespec {
namespace {

TEST(Md5Test, GivesTheDigestsOfItsSpecification) {
  const std::pair<std::string_view, std::string_view> expectations[] = {
      {"", "d41d8cd98f00b204e9800998ecf8427e"},
      {"a", "0cc175b9c0f1b6a831c399e269772661"},
      {"abc", "900150983cd24fb0d6963f7d28e17f72"},
      {"message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
      {"12345678901234567890123456789012345678901234567890123456789012345678901234567890",
       "57edf4a22be3c955ac49da2e2107b67a"},
  };
  for (const auto& [text, digest] : expectations) EXPECT_EQ(md5_of(as_bytes(text)), digest);
}

TEST(Md5Test, PiecesGiveTheDigestOfTheWhole) {
  const std::string text(1000, 'x');
  for (const std::size_t piece_size : {1U, 63U, 64U, 65U, 999U}) {
    Md5 md5;
    for (std::size_t begin = 0; begin < text.size(); begin += piece_size) {
      md5.update(as_bytes(std::string_view(text).substr(begin, piece_size)));
    }
    EXPECT_EQ(md5.finish(), md5_of(as_bytes(text))) << piece_size;
  }
}

TEST(Md5Test, StartsAnewAfterFinish) {
  Md5 md5;
  md5.update(as_bytes("abc"));
  EXPECT_EQ(md5.finish(), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(md5.finish(), "d41d8cd98f00b204e9800998ecf8427e");
  md5.update(as_bytes("a"));
  EXPECT_EQ(md5.finish(), "0cc175b9c0f1b6a831c399e269772661");
}

TEST(Md5Test, MovesWithWhatItHasSeen) {
  Md5 first;
  first.update(as_bytes("ab"));
  Md5 second = std::move(first);
  second.update(as_bytes("c"));
  EXPECT_EQ(second.finish(), "900150983cd24fb0d6963f7d28e17f72");
}

}  // namespace
}  // namespace framespec
