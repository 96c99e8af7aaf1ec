// Bytes that must be in the testee's queue together, and ends of the stream, alone or not.
#include <gtest/gtest.h>

#include <chrono>

#include "delivery/counting_reader/reader_process.h"
#include "delivery/deliver.h"
#include "delivery/tests/test_stream.h"

namespace framespec::delivery {
namespace {

using counting_reader::ReaderProcess;
using counting_reader::Report;
using Reader = std::tuple<std::string, std::string>;  // where, mode

class Together : public testing::TestWithParam<Reader> {};

TEST_P(Together, CoalescedBytesAreOneRead) {
  const auto& [where, mode] = GetParam();
  ReaderProcess reader(where, mode);
  const ByteVector stream = stream_of(30'000);
  Deliverer deliverer(reader.fd());
  for (int times = 0; times < 100; ++times) {
    const Delivery delivery = deliverer.coalesced(stream, patient());
    ASSERT_EQ(delivery.outcome, Outcome::kDelivered) << describe(delivery);
    ASSERT_EQ(delivery.proof, ProofLevel::kProven) << describe(delivery);
    ASSERT_TRUE(delivery.cuts_exact);
  }
  const Report report = reader.finish();
  EXPECT_EQ(report.reads_not_of(stream.size()), 0U) << report.sizes();
  EXPECT_EQ(report.reads(), 100U);
}

TEST_P(Together, TheLargestSizeNeedsAStoppedTestee) {
  const auto& [where, mode] = GetParam();
  ReaderProcess reader(where, mode);
  const ByteVector stream = stream_of(Deliverer::kCoalescedSizeMax);
  DelivererOptions options;
  options.testee_pid = reader.pid();
  Deliverer deliverer(reader.fd(), options);
  for (int times = 0; times < 10; ++times) {
    const Delivery delivery = deliverer.coalesced(stream, patient());
    ASSERT_EQ(delivery.outcome, Outcome::kDelivered) << describe(delivery);
    ASSERT_EQ(delivery.proof, ProofLevel::kProven) << describe(delivery);
  }
  const Report report = reader.finish();
  EXPECT_EQ(report.reads_not_of(stream.size()), 0U) << report.sizes();
}

TEST_P(Together, EndOfStreamAloneComesAfterTheDataIsTaken) {
  const auto& [where, mode] = GetParam();
  for (int times = 0; times < 50; ++times) {
    ReaderProcess reader(where, mode);
    const ByteVector stream = stream_of(3);
    Deliverer deliverer(reader.fd());
    ASSERT_EQ(deliverer.split(stream, cuts_every(1, 3), patient()).proof, ProofLevel::kProven);
    const Delivery end = deliverer.end_alone(patient());
    ASSERT_EQ(end.outcome, Outcome::kDelivered) << describe(end);
    ASSERT_EQ(end.proof, ProofLevel::kProven) << describe(end);
    const Report report = reader.finish();
    ASSERT_EQ(report.sizes(), "1: 3");
    ASSERT_EQ(report.ends_with_data, 0U) << "the end was there while data was being read";
    ASSERT_EQ(report.end, "fin");
  }
}

INSTANTIATE_TEST_SUITE_P(Each, Together,
                         testing::Combine(testing::Values("ipv4", "ipv6", "unix"),
                                          testing::Values("blocking", "epoll")),
                         [](const auto& tested) {
                           return std::get<0>(tested.param) + "_" + std::get<1>(tested.param);
                         });

// Well below the time for which the kernel holds bytes back. A machine that keeps us from running
// for as long leaves a delivery unproven; such a one does not count.
constexpr std::chrono::milliseconds kHeldBack{100};

class EndWithData : public testing::TestWithParam<std::string> {};

TEST_P(EndWithData, IsThereWhenTheLastBytesAreRead) {
  int proven = 0;
  int unproven = 0;
  std::string why_not;
  while (proven + unproven < 50) {
    ReaderProcess reader(GetParam(), "epoll");
    const ByteVector stream = stream_of(8);
    DelivererOptions options;
    options.testee_pid = reader.pid();
    Deliverer deliverer(reader.fd(), options);
    ASSERT_EQ(deliverer.split(Bytes(stream).first(4), cuts_every(1, 4), patient()).proof,
              ProofLevel::kProven);
    const auto begin = std::chrono::steady_clock::now();
    const Delivery end = deliverer.end_with(Bytes(stream).subspan(4), patient());
    const auto took = std::chrono::steady_clock::now() - begin;
    ASSERT_EQ(end.outcome, Outcome::kDelivered) << describe(end);
    const Report report = reader.finish();
    ASSERT_EQ(report.hash, hash_of(stream));
    if (end.proof == ProofLevel::kProven) {
      ++proven;
      ASSERT_EQ(report.sizes(), "1: 4, 4: 1");
      ASSERT_EQ(report.ends_with_data, 1U);
    } else if (took < kHeldBack) {
      ++unproven;
      why_not = end.reason;
    }
  }
  EXPECT_GE(proven, 40) << why_not;
}

INSTANTIATE_TEST_SUITE_P(Each, EndWithData, testing::Values("ipv4", "ipv6", "unix"),
                         [](const auto& tested) { return tested.param; });

TEST(CoalescedSize, MoreThanOnePacketWithoutATesteeToStopIsUnproven) {
  ReaderProcess reader("ipv4", "blocking");
  const ByteVector stream = stream_of(Deliverer::kCoalescedSizeMax);
  Deliverer deliverer(reader.fd());
  const Delivery delivery = deliverer.coalesced(stream, patient());
  EXPECT_EQ(delivery.outcome, Outcome::kDelivered) << describe(delivery);
  EXPECT_EQ(delivery.proof, ProofLevel::kUnproven);
  EXPECT_FALSE(delivery.cuts_exact);
  EXPECT_NE(delivery.reason.find("more than one packet"), std::string::npos) << delivery.reason;
  EXPECT_EQ(reader.finish().hash, hash_of(stream));
}

TEST(CoalescedSize, MoreThanAQueueHoldsIsSentUnproven) {
  ReaderProcess reader("ipv4", "blocking");
  const ByteVector stream = stream_of(5'000'000);
  DelivererOptions options;
  options.testee_pid = reader.pid();
  Deliverer deliverer(reader.fd(), options);
  const Delivery delivery = deliverer.coalesced(stream, patient());
  EXPECT_EQ(delivery.outcome, Outcome::kDelivered) << describe(delivery);
  EXPECT_EQ(delivery.proof, ProofLevel::kUnproven);
  EXPECT_EQ(reader.finish().hash, hash_of(stream));
}

TEST(CoalescedPeer, ThatDoesNotReadIsNotTaken) {
  const ReaderProcess reader("ipv4", "stop", 0);
  const ByteVector stream = stream_of(100);
  Deliverer deliverer(reader.fd());
  const Delivery delivery = deliverer.coalesced(stream, soon());
  EXPECT_EQ(delivery.outcome, Outcome::kNotTaken) << describe(delivery);
  EXPECT_TRUE(delivery.cuts_exact) << "they are together, only nobody reads them";
  EXPECT_EQ(delivery.segments_proven, 0U);
}

TEST(EndOfStream, IsNotReadByATesteeThatStopped) {
  const ReaderProcess reader("ipv4", "stop", 2);
  const ByteVector stream = stream_of(2);
  Deliverer deliverer(reader.fd());
  ASSERT_EQ(deliverer.whole(stream, patient()).proof, ProofLevel::kProven);
  // This reader waits for the end with poll(), and closes without reading it.
  const Delivery end = deliverer.end_alone(patient());
  EXPECT_EQ(end.outcome, Outcome::kDelivered) << describe(end);
  EXPECT_EQ(end.peer_end, PeerEnd::kClosed);
  const Delivery after = deliverer.split(stream, {}, patient());
  EXPECT_EQ(after.outcome, Outcome::kFailed);
  EXPECT_EQ(after.reason, "the end of the stream is already sent: nothing can follow it");
}

TEST(EndOfStream, WaitsForUnreadData) {
  const ReaderProcess reader("ipv4", "stop", 1);
  const ByteVector stream = stream_of(2);
  Deliverer deliverer(reader.fd());
  ASSERT_EQ(deliverer.whole(stream, soon()).outcome, Outcome::kNotTaken);
  const Delivery end = deliverer.end_alone(soon());
  EXPECT_EQ(end.outcome, Outcome::kNotTaken) << describe(end);
  EXPECT_EQ(end.proof, ProofLevel::kUnproven);
}

TEST(EndOfStream, AtOnceWaitsForNothing) {
  const ReaderProcess reader("ipv4", "stop", 1);
  Deliverer deliverer(reader.fd());
  ASSERT_EQ(deliverer.whole(stream_of(2), soon()).outcome, Outcome::kNotTaken);
  EXPECT_FALSE(deliverer.is_end_sent());
  const Delivery end = deliverer.end_at_once();
  EXPECT_EQ(end.outcome, Outcome::kDelivered) << describe(end);
  EXPECT_EQ(end.proof, ProofLevel::kUnproven) << describe(end);
  EXPECT_TRUE(deliverer.is_end_sent());
}

TEST(Reset, ReachesATesteeThatHasReadEverything) {
  ReaderProcess reader("ipv4", "blocking");
  const ByteVector stream = stream_of(5);
  Deliverer deliverer(reader.fd());
  ASSERT_EQ(deliverer.split(stream, cuts_every(1, 5), patient()).proof, ProofLevel::kProven);
  const Delivery reset = deliverer.reset(patient());
  EXPECT_EQ(reset.outcome, Outcome::kDelivered) << describe(reset);
  EXPECT_EQ(reset.proof, ProofLevel::kProven) << describe(reset);
  const Report report = reader.finish();
  EXPECT_EQ(report.sizes(), "1: 5");
  EXPECT_EQ(report.end, "reset");
}

TEST(Reset, WaitsForUnreadDataUnlessItIsToBeAtOnce) {
  const ReaderProcess reader("ipv4", "stop", 1);
  Deliverer deliverer(reader.fd());
  ASSERT_EQ(deliverer.whole(stream_of(2), soon()).outcome, Outcome::kNotTaken);
  EXPECT_EQ(deliverer.reset(soon()).outcome, Outcome::kNotTaken);
  ASSERT_TRUE(deliverer.look_at_peer());
  const Delivery reset = deliverer.reset_at_once(patient());
  EXPECT_EQ(reset.outcome, Outcome::kDelivered) << describe(reset);
  EXPECT_FALSE(deliverer.look_at_peer()) << "the reader's socket is gone";
}

TEST(Reset, IsRefusedOnAfUnix) {
  ReaderProcess reader("unix", "blocking");
  Deliverer deliverer(reader.fd());
  const Delivery reset = deliverer.reset(patient());
  EXPECT_EQ(reset.outcome, Outcome::kFailed);
  EXPECT_NE(reset.reason.find("AF_UNIX has no reset"), std::string::npos) << reset.reason;
  EXPECT_EQ(reader.finish().end, "fin");
}

}  // namespace
}  // namespace framespec::delivery
