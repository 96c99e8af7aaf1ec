#include <gtest/gtest.h>

#include "suite/suite.h"

namespace framespec::conformance {
namespace {

std::string explained(const std::string& id) {
  const auto set = SuiteSet::built_in();
  const PlanSource source(*set, *find_dialect("int32"),
                          {.payload_max = 1000, .filters = {id}, .excludes = {}});
  const auto plan = source.build(id);
  return plan ? explain(*plan) : plan.error();
}

TEST(Explain, ShowsFramesSegmentsRulesAndExpectation) {
  EXPECT_EQ(explained("length/int32/cuts-3-9/answered_before_negative"),
            R"(length/int32/cuts-3-9/answered_before_negative

  The frames before a length below zero are answered, then the connection ends.
  Finds: answers lost together with the connection
  Remedy: Send the answers to the frames before an error, and then close.
  Level: must
  ERR-4: Frames that were complete before the error are answered first.
  PFX-4: In a signed dialect a length below zero is `negative_length`.
  SEG-1: For one byte stream the frames, the error's kind and its offset are the same under every segmentation.
  Control: length/int32/whole/answered_before_negative

  1. main: send 18 bytes
      in 3 segments (cuts-3-9), cut at 3, 9
      frame 1, bytes 0 to 6
         0  03 00 00|00 6f 6e 65                             ....one
      frame 2, bytes 7 to 13
         7  03 00|00 00 74 77 6f                             ....two
      no whole frame, bytes 14 to 17
        14  ff ff ff ff                                      ....
  2. main: expect 2 frames as answers, in this order
      payload of 3 bytes
         0  6f 6e 65                                         one
      payload of 3 bytes
         0  74 77 6f                                         two
  3. main: expect that the testee ends the connection, without another byte
  Then a sentinel frame on a new connection must be answered.
)");
}

TEST(Explain, SaysThatBytesAreQueuedTogether) {
  const auto text = explained("coalescing/int32/forced_coalescing/two_frames");
  EXPECT_NE(text.find("all of them queued before the testee may read any"), std::string::npos)
      << text;
}

TEST(Explain, StaysShortWhateverIsSent) {
  for (const auto* id :
       {"length/int32/whole/ten_thousand", "concurrency/int32/whole/hundred_connections",
        "segmentation/int32/byte_by_byte/many_small", "backpressure/int32/whole/flood_of_small"}) {
    const auto text = explained(id);
    EXPECT_LT(text.size(), 20'000U) << id;
    EXPECT_GT(text.size(), 500U) << text;
  }
}

}  // namespace
}  // namespace framespec::conformance
