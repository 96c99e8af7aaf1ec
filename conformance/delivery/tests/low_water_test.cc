// Testees whose own kernel holds bytes back from them (SO_RCVLOWAT).
#include <gtest/gtest.h>

#include <utility>

#include "delivery/counting_reader/reader_process.h"
#include "delivery/deliver.h"
#include "delivery/tests/test_stream.h"

namespace framespec::delivery {
namespace {

using counting_reader::ReaderProcess;

DelivererOptions launched(const ReaderProcess& reader) {
  DelivererOptions options;
  options.testee_pid = reader.pid();
  options.send_past_unread = true;
  return options;
}

DelivererOptions known_to_leave_unread(const ReaderProcess& reader) {
  DelivererOptions options = launched(reader);
  options.leaves_unread = true;
  return options;
}

/// Bytes between two cuts, and how many segments are then held back.
using Cuts = std::pair<std::size_t, std::size_t>;

class LowWaterCuts : public testing::TestWithParam<Cuts> {};

TEST_P(LowWaterCuts, AreHeldBackBelowTheMarkAndMetAtIt) {
  ReaderProcess reader("ipv4", "low_water", 4);
  const ByteVector stream = stream_of(8);
  Deliverer deliverer(reader.fd(), known_to_leave_unread(reader));
  const Delivery delivery = deliverer.split(stream, cuts_every(GetParam().first, 8), patient());
  EXPECT_EQ(delivery.outcome, Outcome::kDelivered) << describe(delivery);
  EXPECT_EQ(delivery.proof, ProofLevel::kProven) << describe(delivery);
  EXPECT_TRUE(delivery.cuts_exact);
  EXPECT_FALSE(delivery.left_unread);
  EXPECT_EQ(delivery.segments_proven, delivery.segments);
  EXPECT_EQ(delivery.segments_held_back, GetParam().second);
  EXPECT_EQ(reader.finish().sizes(), "4: 2");
}

INSTANTIATE_TEST_SUITE_P(Each, LowWaterCuts, testing::Values(Cuts{1, 6}, Cuts{3, 2}, Cuts{4, 0}),
                         [](const auto& tested) {
                           return "every_" + std::to_string(tested.param.first);
                         });

TEST(LowWater, IsBelievedOfOneThatWasWaitedForInVain) {
  ReaderProcess reader("ipv4", "low_water", 4);
  reader.wait_until_accepted();
  const ByteVector stream = stream_of(8);
  DelivererOptions options = launched(reader);
  int asked = 0;
  // No more time for the first segment, and all the time it takes for the rest.
  options.prolong = [&asked](PeerProgress) {
    return asked++ == 0 ? std::nullopt : std::optional(patient());
  };
  Deliverer deliverer(reader.fd(), options);
  const Delivery delivery = deliverer.split(stream, cuts_every(1, 8), soon());
  EXPECT_EQ(delivery.proof, ProofLevel::kProven) << describe(delivery);
  EXPECT_EQ(delivery.segments_held_back, 6U);
  EXPECT_EQ(reader.finish().sizes(), "4: 2");
}

TEST(LowWater, IsNotBelievedOfOneThatReadsAfterAWhile) {
  ReaderProcess reader("ipv4", "low_water_for_a_while", 4);
  const ByteVector stream = stream_of(8);
  Deliverer deliverer(reader.fd(), launched(reader));
  const Delivery delivery = deliverer.split(stream, cuts_every(1, 8), patient());
  EXPECT_EQ(delivery.proof, ProofLevel::kProven) << describe(delivery);
  EXPECT_EQ(delivery.segments_held_back, 0U);
  EXPECT_EQ(reader.finish().sizes(), "1: 8");
}

TEST(LowWater, AWholeStreamOfLessIsDeliveredAndTheEndReleasesIt) {
  ReaderProcess reader("ipv4", "low_water", 4);
  const ByteVector stream = stream_of(7);
  Deliverer deliverer(reader.fd(), known_to_leave_unread(reader));
  const Delivery whole = deliverer.whole(stream, patient());
  EXPECT_EQ(whole.outcome, Outcome::kDelivered) << describe(whole);
  EXPECT_EQ(whole.segments_held_back, 1U);
  EXPECT_EQ(whole.bytes_taken, 4U);
  const Delivery end = deliverer.end_alone(patient());
  EXPECT_NE(end.outcome, Outcome::kNotTaken) << describe(end);
  EXPECT_EQ(reader.finish().bytes, 7U);
}

TEST(LowWater, BytesAboveTheMarkThatStayAreNotHeldBack) {
  ReaderProcess reader("ipv4", "stop", 0);
  reader.wait_until_accepted();
  const ByteVector stream = stream_of(4);
  Deliverer deliverer(reader.fd(), known_to_leave_unread(reader));
  const Delivery delivery = deliverer.split(stream, cuts_every(2, 4), soon());
  EXPECT_EQ(delivery.outcome, Outcome::kNotTaken) << describe(delivery);
  EXPECT_EQ(delivery.segments_held_back, 0U);
  EXPECT_TRUE(delivery.left_unread);
}

TEST(LowWater, OfATesteeThatIsNotOursNothingIsKnown) {
  ReaderProcess reader("ipv4", "low_water", 4);
  reader.wait_until_accepted();
  const ByteVector stream = stream_of(2);
  DelivererOptions options = known_to_leave_unread(reader);
  options.testee_pid = 0;
  Deliverer deliverer(reader.fd(), options);
  const Delivery delivery = deliverer.split(stream, cuts_every(1, 2), soon());
  EXPECT_EQ(delivery.segments_held_back, 0U) << describe(delivery);
  EXPECT_TRUE(delivery.left_unread);
}

}  // namespace
}  // namespace framespec::delivery
