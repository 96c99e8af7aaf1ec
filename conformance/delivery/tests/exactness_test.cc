// The promise itself: as many segments as it takes to meet the rare races, and not one
// misdelivered. The witness is another process that notes the size of each of its reads.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "delivery/counting_reader/reader_process.h"
#include "delivery/deliver.h"
#include "delivery/tests/test_stream.h"
#include "os/side_by_side.h"

namespace framespec::delivery {
namespace {

using counting_reader::BusyProcesses;
using counting_reader::Connections;
using counting_reader::ReaderProcess;
using counting_reader::Report;

void expect_exact(const std::string& where, const std::string& mode, std::size_t count) {
  ReaderProcess reader(where, mode);
  const ByteVector stream = stream_of(count);
  Deliverer deliverer(reader.fd());
  ASSERT_TRUE(deliverer.can_prove()) << deliverer.unprovable_reason();
  const auto begin = std::chrono::steady_clock::now();
  const Delivery delivery = deliverer.split(stream, cuts_every(1, count), patient(800));
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  EXPECT_EQ(delivery.outcome, Outcome::kDelivered) << describe(delivery);
  EXPECT_EQ(delivery.proof, ProofLevel::kProven) << describe(delivery);
  EXPECT_EQ(delivery.segments_proven, count);
  const Report report = reader.finish();
  EXPECT_EQ(report.bytes, count);
  EXPECT_EQ(report.reads_not_of(1), 0U) << "misdelivered; sizes of the reads: " << report.sizes();
  testing::Test::RecordProperty("segments_per_second",
                                static_cast<int>(static_cast<double>(count) / seconds.count()));
  std::printf("%s, %s: %zu one-byte segments, %llu misdelivered, %.0f segments/s\n", where.c_str(),
              mode.c_str(), count, static_cast<unsigned long long>(report.reads_not_of(1)),
              static_cast<double>(count) / seconds.count());
}

/// So many on each of several connections to one reader, served by this one thread.
void expect_exact_side_by_side(const std::string& mode, std::size_t connections,
                               std::size_t count) {
  ReaderProcess reader("ipv4", mode, Connections{connections});
  const ByteVector stream = stream_of(count);
  const auto cuts = cuts_every(1, count);
  std::vector<Delivery> deliveries(connections);
  std::vector<std::function<void()>> tasks;
  tasks.reserve(connections);
  for (std::size_t index = 0; index < connections; ++index) {
    tasks.emplace_back([&, index] {
      Deliverer deliverer(reader.fds()[index]);
      deliveries[index] = deliverer.split(stream, cuts, patient(800));
    });
  }
  const auto begin = std::chrono::steady_clock::now();
  os::run_side_by_side(connections, tasks);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  for (const Delivery& delivery : deliveries) {
    EXPECT_EQ(delivery.proof, ProofLevel::kProven) << describe(delivery);
    EXPECT_EQ(delivery.segments_proven, count);
  }
  const Report report = reader.finish();
  EXPECT_EQ(report.bytes, connections * count);
  EXPECT_EQ(report.reads_not_of(1), 0U) << "misdelivered; sizes of the reads: " << report.sizes();
  std::printf("%zu connections, %s: %.0f segments/s\n", connections, mode.c_str(),
              static_cast<double>(connections * count) / seconds.count());
}

TEST(Exactness, Blocking) { expect_exact("ipv4", "blocking", 200'000); }

TEST(Exactness, BesideTwoBusyProcesses) {
  const BusyProcesses busy(2);
  expect_exact("ipv4", "blocking", 200'000);
}

TEST(Exactness, Epoll) { expect_exact("ipv4", "epoll", 100'000); }

TEST(Exactness, EpollBesideTwoBusyProcesses) {
  const BusyProcesses busy(2);
  expect_exact("ipv4", "epoll", 50'000);
}

TEST(Exactness, Asyncio) { expect_exact("ipv4", "asyncio", 50'000); }

TEST(Exactness, Ipv6) { expect_exact("ipv6", "blocking", 100'000); }

TEST(Exactness, Ipv4MappedIpv6) { expect_exact("mapped", "blocking", 100'000); }

TEST(Exactness, Unix) { expect_exact("unix", "blocking", 200'000); }

TEST(Exactness, UnixBesideTwoBusyProcesses) {
  const BusyProcesses busy(2);
  expect_exact("unix", "blocking", 100'000);
}

TEST(Exactness, SideBySideInOneLoop) { expect_exact_side_by_side("epoll", 64, 2'000); }

TEST(Exactness, SideBySideWithAThreadForEach) { expect_exact_side_by_side("blocking", 16, 10'000); }

TEST(Exactness, SideBySideInAsyncio) { expect_exact_side_by_side("asyncio", 16, 5'000); }

TEST(Exactness, SideBySideBesideTwoBusyProcesses) {
  const BusyProcesses busy(2);
  expect_exact_side_by_side("epoll", 16, 2'000);
  expect_exact_side_by_side("blocking", 16, 1'000);
}

}  // namespace
}  // namespace framespec::delivery
