// Segments delivered one by one, to readers of every kind.
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <tuple>

#include "delivery/counting_reader/reader_process.h"
#include "delivery/deliver.h"
#include "delivery/tests/test_stream.h"

namespace framespec::delivery {
namespace {

using counting_reader::ReaderProcess;
using counting_reader::Report;

using Reader = std::tuple<std::string, std::string>;  // where, mode

class SplitReaders : public testing::TestWithParam<Reader> {};

TEST_P(SplitReaders, EachSegmentIsOneRead) {
  const auto& [where, mode] = GetParam();
  ReaderProcess reader(where, mode);
  const ByteVector stream = stream_of(6000);
  Deliverer deliverer(reader.fd());
  ASSERT_TRUE(deliverer.can_prove()) << deliverer.unprovable_reason();
  const Delivery delivery = deliverer.split(stream, cuts_every(3, stream.size()), patient());
  EXPECT_EQ(delivery.outcome, Outcome::kDelivered) << describe(delivery);
  EXPECT_EQ(delivery.proof, ProofLevel::kProven) << describe(delivery);
  EXPECT_TRUE(delivery.cuts_exact);
  EXPECT_EQ(delivery.segments_proven, 2000U);
  EXPECT_FALSE(delivery.unproven_segment);
  const Report report = reader.finish();
  EXPECT_EQ(report.reads_not_of(3), 0U) << "sizes of the reads: " << report.sizes();
  EXPECT_EQ(report.bytes, stream.size());
  EXPECT_EQ(report.end, "fin");
}

INSTANTIATE_TEST_SUITE_P(
    Each, SplitReaders,
    testing::Combine(testing::Values("ipv4", "ipv6", "dual", "mapped", "mptcp", "unix"),
                     testing::Values("blocking", "epoll")),
    [](const auto& tested) { return std::get<0>(tested.param) + "_" + std::get<1>(tested.param); });
INSTANTIATE_TEST_SUITE_P(Asyncio, SplitReaders,
                         testing::Combine(testing::Values("ipv4", "ipv6", "unix"),
                                          testing::Values("asyncio")),
                         [](const auto& tested) {
                           return std::get<0>(tested.param) + "_" + std::get<1>(tested.param);
                         });

class SplitFamilies : public testing::TestWithParam<std::string> {};

TEST_P(SplitFamilies, AReaderOfSmallPiecesNeverGetsBytesOfTwoSegments) {
  // It reads 4 bytes at most, segments have 6: reads of 4 and 2, never of 2 + 2.
  ReaderProcess reader(GetParam(), "blocking", 4);
  const ByteVector stream = stream_of(12000);
  Deliverer deliverer(reader.fd());
  const Delivery delivery = deliverer.split(stream, cuts_every(6, stream.size()), patient());
  EXPECT_EQ(delivery.proof, ProofLevel::kProven) << describe(delivery);
  const Report report = reader.finish();
  EXPECT_EQ(report.reads_by_size.at(4), 2000U) << report.sizes();
  EXPECT_EQ(report.reads_by_size.at(2), 2000U) << report.sizes();
  EXPECT_EQ(report.hash, hash_of(stream));
}

TEST_P(SplitFamilies, LargeSegmentsAreCompletedAndOrdered) {
  ReaderProcess reader(GetParam(), "blocking");
  const ByteVector stream = stream_of(20'000'000);
  Deliverer deliverer(reader.fd());
  const std::array<std::uint64_t, 3> cuts{1, 9'000'000, 19'999'999};
  const Delivery delivery = deliverer.split(stream, cuts, patient());
  EXPECT_EQ(delivery.proof, ProofLevel::kProven) << describe(delivery);
  EXPECT_EQ(delivery.bytes_sent, stream.size());
  EXPECT_EQ(delivery.bytes_taken, stream.size());
  const Report report = reader.finish();
  EXPECT_EQ(report.hash, hash_of(stream));
  EXPECT_GE(report.reads_by_size.at(1), 2U) << "the first and the last byte stand alone";
}

TEST_P(SplitFamilies, AnEchoIsReadWhileItIsSent) {
  const ReaderProcess reader(GetParam(), "echo");
  const ByteVector stream = stream_of(20'000);
  ByteVector answer;
  DelivererOptions options;
  options.received = [&](Bytes bytes) { answer.insert(answer.end(), bytes.begin(), bytes.end()); };
  Deliverer deliverer(reader.fd(), options);
  const Delivery delivery = deliverer.split(stream, cuts_every(1, stream.size()), patient());
  EXPECT_EQ(delivery.proof, ProofLevel::kProven) << describe(delivery);
  deliverer.receive(patient(), [&] { return answer.size() >= stream.size(); });
  EXPECT_EQ(answer, stream);
  EXPECT_EQ(deliverer.bytes_received(), stream.size());
}

TEST_P(SplitFamilies, AnEchoThatBlocksOnWritingDoesNotBlockUs) {
  // Far more than both kernels hold: whoever does not read while it writes stands still forever.
  const ReaderProcess reader(GetParam(), "echo");
  const ByteVector stream = stream_of(64'000'000);
  std::uint64_t answered = 0;
  std::uint64_t wrong = 0;
  DelivererOptions options;
  options.received = [&](Bytes bytes) {
    for (const std::byte byte : bytes) wrong += byte != stream[answered++] ? 1U : 0U;
  };
  Deliverer deliverer(reader.fd(), options);
  const Delivery delivery =
      deliverer.split(stream, cuts_every(8'000'000, stream.size()), patient());
  EXPECT_EQ(delivery.proof, ProofLevel::kProven) << describe(delivery);
  deliverer.receive(patient(), [&] { return answered == stream.size(); });
  EXPECT_EQ(answered, stream.size());
  EXPECT_EQ(wrong, 0U);
}

INSTANTIATE_TEST_SUITE_P(Each, SplitFamilies, testing::Values("ipv4", "ipv6", "unix"),
                         [](const auto& tested) { return tested.param; });

TEST(Split, SegmentsMayBeGivenOneByOne) {
  ReaderProcess reader("ipv4", "blocking");
  const ByteVector stream = stream_of(10);
  const std::array<Bytes, 3> segments{Bytes(stream).first(2), Bytes(stream).subspan(2, 7),
                                      Bytes(stream).last(1)};
  Deliverer deliverer(reader.fd());
  const Delivery delivery = deliverer.split(segments, patient());
  EXPECT_EQ(delivery.proof, ProofLevel::kProven) << describe(delivery);
  EXPECT_EQ(reader.finish().sizes(), "1: 1, 2: 1, 7: 1");
}

TEST(Split, AFollowingDeliveryNeverJoinsTheOneBefore) {
  ReaderProcess reader("ipv4", "blocking");
  const ByteVector stream = stream_of(4);
  Deliverer deliverer(reader.fd());
  for (int times = 0; times < 500; ++times) {
    // whole() first lets go of bytes; the next delivery must wait for them.
    ASSERT_TRUE(deliverer.split(stream, {}, patient()).cuts_exact);
    ASSERT_TRUE(deliverer.whole(stream, patient()).cuts_exact);
  }
  const Report report = reader.finish();
  EXPECT_EQ(report.reads_not_of(4), 0U) << report.sizes();
}

TEST(Split, WrongCutsAreRefusedBeforeAnythingIsSent) {
  ReaderProcess reader("ipv4", "blocking");
  const ByteVector stream = stream_of(10);
  Deliverer deliverer(reader.fd());
  using Cuts = std::vector<std::uint64_t>;
  for (const Cuts& cuts : {Cuts{0}, Cuts{10}, Cuts{4, 4}, Cuts{5, 3}, Cuts{99}}) {
    const Delivery delivery = deliverer.split(stream, cuts, patient());
    EXPECT_EQ(delivery.outcome, Outcome::kFailed);
    EXPECT_FALSE(delivery.reason.empty());
  }
  const std::array<Bytes, 2> with_empty{Bytes(stream), Bytes()};
  const Delivery delivery = deliverer.split(with_empty, patient());
  EXPECT_EQ(delivery.outcome, Outcome::kFailed);
  EXPECT_EQ(delivery.reason, "segment 2 of 2 is empty: a stream socket cannot deliver nothing");
  EXPECT_EQ(reader.finish().bytes, 0U);
}

TEST(Split, WithoutProofItIsPacedAndSaysSo) {
  ReaderProcess reader("ipv4", "blocking");
  DelivererOptions options;
  options.prove = false;
  options.pace = std::chrono::milliseconds(5);
  const ByteVector stream = stream_of(20);
  Deliverer deliverer(reader.fd(), options);
  EXPECT_FALSE(deliverer.can_prove());
  const auto begin = std::chrono::steady_clock::now();
  const Delivery delivery = deliverer.split(stream, cuts_every(1, stream.size()), patient());
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(19 * 5));
  EXPECT_EQ(delivery.outcome, Outcome::kDelivered);
  EXPECT_EQ(delivery.proof, ProofLevel::kPaced);
  EXPECT_FALSE(delivery.cuts_exact);
  EXPECT_EQ(delivery.segments_sent, 20U);
  EXPECT_EQ(delivery.segments_proven, 0U);
  EXPECT_EQ(delivery.reason, "paced, without proof: no proof was asked for");
  EXPECT_EQ(reader.finish().bytes, 20U);
}

Delivery cancelled_split(const ReaderProcess& reader) {
  const std::atomic<bool> cancelled = true;
  DelivererOptions options;
  options.cancelled = &cancelled;
  const ByteVector stream = stream_of(3);
  Deliverer deliverer(reader.fd(), options);
  return deliverer.split(stream, cuts_every(1, 3), patient());
}

TEST(Split, CanBeCancelled) {
  const ReaderProcess reader("ipv4", "stop", 1);
  const Delivery delivery = cancelled_split(reader);
  EXPECT_EQ(delivery.outcome, Outcome::kCancelled) << describe(delivery);
}

TEST(Split, CancelledSendsNothingMoreEvenToWhomTakesAllAtOnce) {
  ReaderProcess reader("ipv4", "blocking", 1);
  const Delivery delivery = cancelled_split(reader);
  EXPECT_EQ(delivery.outcome, Outcome::kCancelled) << describe(delivery);
  EXPECT_EQ(delivery.segments_sent, 0U);
  EXPECT_EQ(reader.finish().bytes, 0U);
}

}  // namespace
}  // namespace framespec::delivery
