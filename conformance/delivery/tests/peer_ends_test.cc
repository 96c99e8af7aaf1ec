// Peers that stop reading, close or reset in the middle of a delivery: each is told from the
// others, and none is ever taken for a proven delivery.
#include <gtest/gtest.h>

#include <thread>

#include "delivery/counting_reader/reader_process.h"
#include "delivery/deliver.h"
#include "delivery/tests/test_stream.h"

namespace framespec::delivery {
namespace {

using counting_reader::ReaderProcess;

class PeerEnds : public testing::TestWithParam<std::string> {};

TEST_P(PeerEnds, AReaderThatStopsIsNotTaken) {
  const ReaderProcess reader(GetParam(), "stop", 3);
  const ByteVector stream = stream_of(10);
  Deliverer deliverer(reader.fd());
  ASSERT_EQ(deliverer.split(Bytes(stream).first(3), cuts_every(1, 3), patient()).proof,
            ProofLevel::kProven);
  const Delivery delivery = deliverer.split(Bytes(stream).subspan(3), cuts_every(2, 7), soon());
  EXPECT_EQ(delivery.outcome, Outcome::kNotTaken) << describe(delivery);
  EXPECT_EQ(delivery.proof, ProofLevel::kUnproven);
  EXPECT_EQ(delivery.unproven_segment, 0U);
  EXPECT_EQ(delivery.segments_sent, 1U);
  // Nothing was sent behind the segment in doubt, so no two segments can have been joined.
  EXPECT_TRUE(delivery.cuts_exact);
  EXPECT_EQ(
      delivery.reason,
      "segment 1 of 4 (2 bytes at offset 0) was not taken within the time limit: the testee has "
      "left 2 bytes unread in its queue");
}

TEST_P(PeerEnds, AReaderThatOnlyPeeksNeverProves) {
  const ReaderProcess reader(GetParam(), "peek");
  const ByteVector stream = stream_of(2);
  Deliverer deliverer(reader.fd());
  const Delivery delivery = deliverer.split(stream, cuts_every(1, 2), soon());
  EXPECT_EQ(delivery.outcome, Outcome::kNotTaken) << describe(delivery);
  EXPECT_EQ(delivery.segments_proven, 0U);
  EXPECT_EQ(delivery.segments_sent, 1U);
}

TEST_P(PeerEnds, AConnectionThatIsNotAcceptedNeverProves) {
  ReaderProcess reader(GetParam(), "blocking", 0, true);
  const ByteVector stream = stream_of(4);
  Deliverer deliverer(reader.fd());
  ASSERT_TRUE(deliverer.can_prove()) << deliverer.unprovable_reason();
  const Delivery early = deliverer.split(stream, cuts_every(1, 4), soon());
  EXPECT_EQ(early.outcome, Outcome::kNotTaken) << describe(early);
  EXPECT_EQ(early.segments_sent, 1U);
  EXPECT_NE(early.reason.find("the testee has not accepted the connection"), std::string::npos)
      << early.reason;
  // The byte already sent counts as something of before.
  reader.accept_now();
  const Delivery late = deliverer.split(Bytes(stream).subspan(1), cuts_every(1, 3), patient());
  EXPECT_EQ(late.proof, ProofLevel::kProven) << describe(late);
  const auto report = reader.finish();
  EXPECT_EQ(report.sizes(), "1: 4");
  EXPECT_EQ(report.hash, hash_of(stream));
}

TEST_P(PeerEnds, APeerThatClosesAfterTheLastByteHasTakenIt) {
  // The testee may be gone before we have looked once; how it ended must prove the rest.
  for (int times = 0; times < 50; ++times) {
    const ReaderProcess reader(GetParam(), "close", 5);
    const ByteVector stream = stream_of(5);
    Deliverer deliverer(reader.fd());
    const Delivery delivery = deliverer.split(stream, cuts_every(1, 5), patient());
    ASSERT_EQ(delivery.outcome, Outcome::kDelivered) << describe(delivery);
    ASSERT_EQ(delivery.proof, ProofLevel::kProven) << describe(delivery);
    ASSERT_EQ(deliverer.receive(patient()), PeerEnd::kClosed);
  }
}

TEST_P(PeerEnds, APeerThatClosesMidWayIsReportedWithItsPlace) {
  ReaderProcess reader(GetParam(), "close", 5);
  const ByteVector stream = stream_of(20);
  Deliverer deliverer(reader.fd());
  const Delivery delivery = deliverer.split(stream, cuts_every(1, 20), patient());
  // The byte after the close meets a closed socket, or is not sent any more.
  if (delivery.outcome == Outcome::kPeerClosed) {
    EXPECT_EQ(delivery.segments_proven, 5U) << describe(delivery);
    EXPECT_EQ(
        delivery.reason,
        "the peer closed the connection after it took segment 5 of 20 (1 byte at offset 4); the "
        "rest was not sent");
  } else {
    EXPECT_EQ(delivery.outcome, Outcome::kPeerReset) << describe(delivery);
    EXPECT_EQ(delivery.reason,
              "the peer reset the connection during segment 6 of 20 (1 byte at offset 5)");
  }
  EXPECT_EQ(delivery.unproven_segment, 5U);
  EXPECT_TRUE(delivery.cuts_exact);
  EXPECT_EQ(reader.finish().bytes, 5U);
}

TEST_P(PeerEnds, APeerThatClosesWithBytesUnreadHasNotTakenThem) {
  for (int times = 0; times < 50; ++times) {
    const ReaderProcess reader(GetParam(), "close_unread", 2);
    const ByteVector stream = stream_of(6);
    Deliverer deliverer(reader.fd());
    const Delivery delivery = deliverer.split(stream, cuts_every(2, 6), patient());
    ASSERT_EQ(delivery.outcome, Outcome::kPeerReset) << describe(delivery);
    ASSERT_EQ(delivery.unproven_segment, 1U) << describe(delivery);
    ASSERT_TRUE(delivery.cuts_exact);
    ASSERT_EQ(delivery.peer_end, PeerEnd::kReset);
  }
}

TEST_P(PeerEnds, AHalfClosedPeerIsStillDeliveredTo) {
  ReaderProcess reader(GetParam(), "half_close");
  const ByteVector stream = stream_of(2000);
  Deliverer deliverer(reader.fd());
  ASSERT_EQ(deliverer.receive(patient()), PeerEnd::kClosed);
  const Delivery delivery = deliverer.split(stream, cuts_every(1, 2000), patient());
  EXPECT_EQ(delivery.outcome, Outcome::kDelivered) << describe(delivery);
  EXPECT_EQ(delivery.proof, ProofLevel::kProven);
  EXPECT_EQ(delivery.peer_end, PeerEnd::kClosed);
  EXPECT_EQ(reader.finish().sizes(), "1: 2000");
}

TEST_P(PeerEnds, AHalfClosedPeerThatLeavesIsNeverProvenFalsely) {
  for (int times = 0; times < 30; ++times) {
    ReaderProcess reader(GetParam(), "half_close_then_close", 2);
    const ByteVector stream = stream_of(40);
    Deliverer deliverer(reader.fd());
    ASSERT_EQ(deliverer.receive(patient()), PeerEnd::kClosed);
    const Delivery delivery = deliverer.split(stream, cuts_every(1, 40), patient());
    ASSERT_NE(delivery.outcome, Outcome::kDelivered) << describe(delivery);
    ASSERT_LE(delivery.segments_proven, 2U) << describe(delivery);
    ASSERT_EQ(reader.finish().bytes, 2U);
  }
}

TEST_P(PeerEnds, AFullReceiveBufferIsToldFromAnUnreadOne) {
  const ReaderProcess reader(GetParam(), "stop", 1);
  const ByteVector stream = stream_of(40'000'000);
  Deliverer deliverer(reader.fd());
  const Delivery delivery = deliverer.whole(stream, soon());
  EXPECT_EQ(delivery.outcome, Outcome::kNotTaken) << describe(delivery);
  EXPECT_LT(delivery.bytes_sent, stream.size());
  EXPECT_GT(delivery.bytes_sent, 0U);
  EXPECT_EQ(delivery.segments_sent, 0U);
}

TEST_P(PeerEnds, AFloodEndsWhenNothingMoreGoes) {
  const ReaderProcess reader(GetParam(), "stop", 1);
  const ByteVector stream = stream_of(40'000'000);
  Deliverer deliverer(reader.fd());
  const Delivery delivery = deliverer.push(stream, std::chrono::milliseconds(200), patient());
  EXPECT_EQ(delivery.outcome, Outcome::kNotTaken) << describe(delivery);
  EXPECT_GT(delivery.bytes_sent, 1000U);
  EXPECT_LT(delivery.bytes_sent, stream.size());
  EXPECT_EQ(delivery.proof, ProofLevel::kUnproven);
}

INSTANTIATE_TEST_SUITE_P(Each, PeerEnds, testing::Values("ipv4", "ipv6", "unix"),
                         [](const auto& tested) { return tested.param; });

TEST(PeerResets, AResetMidWayIsReportedWithItsPlace) {
  const ReaderProcess reader("ipv4", "reset", 5);
  const ByteVector stream = stream_of(20);
  Deliverer deliverer(reader.fd());
  const Delivery delivery = deliverer.split(stream, cuts_every(1, 20), patient());
  EXPECT_EQ(delivery.outcome, Outcome::kPeerReset) << describe(delivery);
  EXPECT_EQ(delivery.peer_end, PeerEnd::kReset);
  // The reset can overtake the look at the fifth byte, but not the fourth.
  EXPECT_GE(delivery.segments_proven, 4U) << describe(delivery);
  EXPECT_LE(delivery.segments_proven, 5U) << describe(delivery);
  EXPECT_TRUE(delivery.cuts_exact);
  const Delivery after = deliverer.split(stream, cuts_every(1, 20), patient());
  EXPECT_EQ(after.outcome, Outcome::kPeerReset);
  EXPECT_EQ(after.bytes_sent, 0U);
}

}  // namespace
}  // namespace framespec::delivery
