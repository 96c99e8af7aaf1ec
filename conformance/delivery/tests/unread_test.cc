// Peers that are slow, and peers that leave bytes in their queue until more come.
#include <gtest/gtest.h>

#include "delivery/counting_reader/reader_process.h"
#include "delivery/deliver.h"
#include "delivery/tests/test_stream.h"

namespace framespec::delivery {
namespace {

using counting_reader::ReaderProcess;

DelivererOptions sending_past_unread() {
  DelivererOptions options;
  options.send_past_unread = true;
  return options;
}

class Unread : public testing::TestWithParam<std::string> {};

TEST_P(Unread, TheRestIsSentWithoutProof) {
  ReaderProcess reader(GetParam(), "whole", 4);
  reader.wait_until_accepted();
  const ByteVector stream = stream_of(8);
  DelivererOptions options = sending_past_unread();
  // No more time for the first segment, and all the time it takes for the rest.
  options.prolong = [asked = 0](PeerProgress) mutable {
    return asked++ == 0 ? std::nullopt : std::optional(patient());
  };
  Deliverer deliverer(reader.fd(), options);
  const Delivery delivery = deliverer.split(stream, cuts_every(2, 8), soon());
  EXPECT_EQ(delivery.outcome, Outcome::kDelivered) << describe(delivery);
  EXPECT_EQ(delivery.proof, ProofLevel::kUnproven);
  EXPECT_TRUE(delivery.left_unread);
  EXPECT_FALSE(delivery.cuts_exact);
  EXPECT_EQ(delivery.segments_proven, 0U);
  EXPECT_EQ(delivery.segments_sent, 4U);
  EXPECT_EQ(reader.finish().hash, hash_of(stream));
}

TEST_P(Unread, WhatIsTakenAtOnceIsProvenAsEver) {
  ReaderProcess reader(GetParam(), "whole", 4);
  const ByteVector stream = stream_of(12);
  Deliverer deliverer(reader.fd(), sending_past_unread());
  const Delivery delivery = deliverer.split(stream, cuts_every(4, 12), patient());
  EXPECT_EQ(delivery.proof, ProofLevel::kProven) << describe(delivery);
  EXPECT_FALSE(delivery.left_unread);
  EXPECT_EQ(reader.finish().sizes(), "4: 3");
}

TEST_P(Unread, ForGoodIsNotTaken) {
  ReaderProcess reader(GetParam(), "stop", 0);
  reader.wait_until_accepted();
  const ByteVector stream = stream_of(4);
  Deliverer deliverer(reader.fd(), sending_past_unread());
  const Delivery delivery = deliverer.split(stream, cuts_every(2, 4), soon());
  EXPECT_EQ(delivery.outcome, Outcome::kNotTaken) << describe(delivery);
  EXPECT_TRUE(delivery.left_unread);
  EXPECT_FALSE(delivery.cuts_exact);
  EXPECT_EQ(delivery.segments_sent, 2U);
}

TEST_P(Unread, TheEndOfTheStreamFollowsAllTheSame) {
  ReaderProcess reader(GetParam(), "whole", 4);
  reader.wait_until_accepted();
  const ByteVector stream = stream_of(3);
  Deliverer deliverer(reader.fd(), sending_past_unread());
  const Delivery part = deliverer.whole(stream, soon());
  EXPECT_EQ(part.outcome, Outcome::kNotTaken) << describe(part);
  EXPECT_TRUE(part.left_unread);
  const Delivery end = deliverer.end_alone(patient());
  EXPECT_EQ(end.proof, ProofLevel::kUnproven) << describe(end);
  EXPECT_NE(deliverer.receive(patient()), PeerEnd::kOpen);
}

TEST_P(Unread, AConnectionThatIsNotAcceptedGetsNoRest) {
  const ReaderProcess reader(GetParam(), "blocking", 0, true);
  const ByteVector stream = stream_of(4);
  Deliverer deliverer(reader.fd(), sending_past_unread());
  const Delivery delivery = deliverer.split(stream, cuts_every(2, 4), soon());
  EXPECT_EQ(delivery.outcome, Outcome::kNotTaken) << describe(delivery);
  EXPECT_FALSE(delivery.left_unread);
  EXPECT_EQ(delivery.segments_sent, 1U);
}

TEST_P(Unread, ADeadlineIsProlongedForAPeerThatIsWorthIt) {
  ReaderProcess reader(GetParam(), "blocking", 0, true);
  const ByteVector stream = stream_of(4);
  DelivererOptions options;
  options.prolong = [&](PeerProgress) -> std::optional<Deadline> {
    reader.accept_now();
    return patient();
  };
  Deliverer deliverer(reader.fd(), options);
  const Delivery delivery = deliverer.split(stream, cuts_every(2, 4), soon());
  EXPECT_EQ(delivery.proof, ProofLevel::kProven) << describe(delivery);
  EXPECT_EQ(reader.finish().sizes(), "2: 2");
}

TEST_P(Unread, WhoMovesNoMoreIsToldFromWhoDoes) {
  const ReaderProcess reader(GetParam(), "stop", 1);
  const ByteVector stream = stream_of(3);
  std::vector<PeerProgress> seen;
  DelivererOptions options;
  options.prolong = [&](PeerProgress progress) {
    seen.push_back(progress);
    return seen.size() < 3 ? std::optional(soon()) : std::nullopt;
  };
  Deliverer deliverer(reader.fd(), options);
  // What the reader takes it takes in its own time; it rests when the time for the others begins.
  ASSERT_EQ(deliverer.whole(Bytes(stream).first(1), patient()).proof, ProofLevel::kProven);
  const Delivery delivery = deliverer.split(Bytes(stream).subspan(1), cuts_every(1, 2), soon());
  EXPECT_EQ(delivery.outcome, Outcome::kNotTaken) << describe(delivery);
  using enum PeerProgress;
  EXPECT_EQ(seen, (std::vector{kMoved, kLeftUnread, kLeftUnread}));
}

TEST_P(Unread, AFullQueueIsNotLeftByChoice) {
  const ReaderProcess reader(GetParam(), "stop", 1);
  const ByteVector stream = stream_of(40'000'000);
  std::vector<PeerProgress> seen;
  DelivererOptions options = sending_past_unread();
  options.prolong = [&](PeerProgress progress) {
    seen.push_back(progress);
    return progress == PeerProgress::kMoved ? std::optional(soon()) : std::nullopt;
  };
  Deliverer deliverer(reader.fd(), options);
  const Delivery delivery = deliverer.whole(stream, soon());
  EXPECT_EQ(delivery.outcome, Outcome::kNotTaken) << describe(delivery);
  EXPECT_FALSE(delivery.left_unread);
  EXPECT_EQ(seen.back(), PeerProgress::kNone);
}

INSTANTIATE_TEST_SUITE_P(Each, Unread, testing::Values("ipv4", "unix"),
                         [](const auto& tested) { return tested.param; });

}  // namespace
}  // namespace framespec::delivery
