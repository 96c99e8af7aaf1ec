// Testees whose own kernel holds bytes back from them (SO_RCVLOWAT).
#include <gtest/gtest.h>

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

TEST(LowWater, ACutBelowTheMarkIsProvenToBeHeldBack) {
  ReaderProcess reader("ipv4", "low_water", 4);
  const ByteVector stream = stream_of(8);
  Deliverer deliverer(reader.fd(), launched(reader));
  const Delivery delivery = deliverer.split(stream, cuts_every(1, 8), patient());
  EXPECT_EQ(delivery.outcome, Outcome::kDelivered) << describe(delivery);
  EXPECT_EQ(delivery.proof, ProofLevel::kProven) << describe(delivery);
  EXPECT_TRUE(delivery.cuts_exact);
  EXPECT_FALSE(delivery.left_unread);
  EXPECT_EQ(delivery.segments_proven, 8U);
  EXPECT_EQ(delivery.segments_held_back, 6U);
  EXPECT_EQ(reader.finish().sizes(), "4: 2");
}

TEST(LowWater, ACutAtTheMarkIsMet) {
  ReaderProcess reader("ipv4", "low_water", 4);
  const ByteVector stream = stream_of(12);
  Deliverer deliverer(reader.fd(), launched(reader));
  const Delivery delivery = deliverer.split(stream, cuts_every(4, 12), patient());
  EXPECT_EQ(delivery.proof, ProofLevel::kProven) << describe(delivery);
  EXPECT_EQ(delivery.segments_held_back, 0U);
  EXPECT_EQ(reader.finish().sizes(), "4: 3");
}

TEST(LowWater, AWholeStreamOfLessIsDeliveredAndTheEndReleasesIt) {
  ReaderProcess reader("ipv4", "low_water", 4);
  const ByteVector stream = stream_of(7);
  Deliverer deliverer(reader.fd(), launched(reader));
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
  Deliverer deliverer(reader.fd(), launched(reader));
  const Delivery delivery = deliverer.split(stream, cuts_every(2, 4), soon());
  EXPECT_EQ(delivery.outcome, Outcome::kNotTaken) << describe(delivery);
  EXPECT_EQ(delivery.segments_held_back, 0U);
  EXPECT_TRUE(delivery.left_unread);
}

TEST(LowWater, OfATesteeThatIsNotOursNothingIsKnown) {
  ReaderProcess reader("ipv4", "low_water", 4);
  reader.wait_until_accepted();
  const ByteVector stream = stream_of(2);
  DelivererOptions options;
  options.send_past_unread = true;
  Deliverer deliverer(reader.fd(), options);
  const Delivery delivery = deliverer.split(stream, cuts_every(1, 2), soon());
  EXPECT_EQ(delivery.segments_held_back, 0U) << describe(delivery);
  EXPECT_TRUE(delivery.left_unread);
}

}  // namespace
}  // namespace framespec::delivery
