#include "recording/capture_flows.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace framespec::conformance {
namespace {

using Taken = CaptureFlows::Taken;

constexpr unsigned kFin = 1;
constexpr unsigned kSyn = 2;
constexpr unsigned kRst = 4;
constexpr unsigned kAck = 16;

struct Packet {
  std::uint16_t from = 0;
  unsigned flags = kAck;
  std::uint32_t sequence = 0;
  std::uint32_t size = 0;
  bool is_cut = false;
};

constexpr std::uint16_t kClient = 50000;
constexpr std::uint16_t kService = 5432;

/// As tshark prints it, between those two.
std::string line_of(const Packet& packet, unsigned stream = 0) {
  const std::uint16_t to = packet.from == kClient ? kService : kClient;
  const auto host = [](std::uint16_t port) { return port == kClient ? "10.0.0.1" : "10.0.0.2"; };
  return fmt::format("{}\t{}\t\t{}\t{}\t\t{}\t{}\t{}\t0x{:04x}\t{}\t{}", stream, host(packet.from),
                     packet.from, host(to), to, packet.sequence, packet.size, packet.flags,
                     packet.size + (packet.is_cut ? 39 : 40), packet.size + 40);
}

Flow flow_of(std::initializer_list<Packet> packets) {
  CaptureFlows flows;
  for (const Packet& packet : packets) EXPECT_EQ(flows.take(line_of(packet)), Taken::kYes);
  const std::vector<Flow> found = flows.with_bytes();
  EXPECT_EQ(found.size(), 1U);
  return found.empty() ? Flow{} : found.front();
}

TEST(CaptureFlows, WhoSendsTheFirstSynIsTheClient) {
  const Packet said{.from = kService, .sequence = 101, .size = 1};
  const Flow usual = flow_of({{.from = kClient, .flags = kSyn, .sequence = 1},
                              {.from = kService, .flags = kSyn | kAck, .sequence = 100},
                              said});
  EXPECT_EQ(to_string(usual), "10.0.0.1:50000 to 10.0.0.2:5432");
  EXPECT_TRUE(usual.has_beginning);
  EXPECT_TRUE(usual.is_client("10.0.0.1:50000"));
  EXPECT_FALSE(usual.is_client("10.0.0.2:5432"));
  const Flow turned = flow_of({{.from = kService, .flags = kSyn, .sequence = 100}, said});
  EXPECT_EQ(to_string(turned), "10.0.0.2:5432 to 10.0.0.1:50000");
  const Flow answered = flow_of({{.from = kClient, .flags = kSyn | kAck, .sequence = 1}, said});
  EXPECT_EQ(to_string(answered), "10.0.0.2:5432 to 10.0.0.1:50000");
}

TEST(CaptureFlows, WithoutASynTheHigherPortIsTheClient) {
  const Flow flow = flow_of({{.from = kService, .sequence = 5, .size = 1}});
  EXPECT_EQ(to_string(flow), "10.0.0.1:50000 to 10.0.0.2:5432");
  EXPECT_FALSE(flow.has_beginning);
}

TEST(CaptureFlows, CountsEachByteOnceAlsoWhereNumbersTurnOver) {
  const Flow flow = flow_of({{.from = kClient, .flags = kSyn, .sequence = 0xfffffffd},
                             {.from = kClient, .sequence = 0xfffffffe, .size = 10},
                             {.from = kClient, .sequence = 0xfffffffe, .size = 10},
                             {.from = kClient, .sequence = 13, .size = 2},
                             {.from = kClient, .sequence = 8, .size = 5},
                             {.from = kClient, .flags = kFin | kAck, .sequence = 15},
                             {.from = kClient, .sequence = 16}});
  EXPECT_EQ(flow.client.size, 17U);
  EXPECT_EQ(flow.service.size, 0U);
}

TEST(CaptureFlows, AFinShowsThatBytesBeforeItAreMissing) {
  const Flow flow = flow_of({{.from = kClient, .sequence = 1, .size = 2},
                             {.from = kClient, .flags = kFin | kAck, .sequence = 10}});
  EXPECT_EQ(flow.client.size, 9U);
}

TEST(CaptureFlows, KnowWhoEndedFirst) {
  const Packet said{.from = kClient, .flags = kAck, .sequence = 1, .size = 1};
  const Packet client_ends{.from = kClient, .flags = kFin | kAck, .sequence = 2};
  const Packet service_ends{.from = kService, .flags = kFin | kAck, .sequence = 1};
  const Packet service_resets{.from = kService, .flags = kRst, .sequence = 1};
  const Packet client_resets{.from = kClient, .flags = kRst, .sequence = 2};
  EXPECT_TRUE(flow_of({said, client_ends, service_ends}).has_client_ended);
  EXPECT_TRUE(flow_of({said, client_ends, service_resets}).has_client_ended);
  EXPECT_FALSE(flow_of({said, service_ends, client_ends}).has_client_ended);
  EXPECT_FALSE(flow_of({said, service_resets, client_ends}).has_client_ended);
  EXPECT_FALSE(flow_of({said, client_resets, client_ends}).has_client_ended);
  EXPECT_FALSE(flow_of({said}).has_client_ended);
  const Packet answer{.from = kService, .flags = kAck, .sequence = 1, .size = 4};
  EXPECT_EQ(flow_of({said, client_ends, answer}).answered_before_end, 0U);
  EXPECT_EQ(flow_of({said, answer, client_ends}).answered_before_end, 4U);
}

TEST(CaptureFlows, KnowWhoEndedFirstAlsoWhereTheSynIsSeenLate) {
  const Packet ends{.from = kService, .flags = kFin | kAck, .sequence = 9};
  const Packet said{.from = kClient, .flags = kAck, .sequence = 2, .size = 3};
  const Packet syn{.from = kService, .flags = kSyn, .sequence = 7};
  const Flow turned = flow_of({ends, said, syn});
  EXPECT_EQ(turned.client.port, kService);
  EXPECT_TRUE(turned.has_client_ended);
  EXPECT_EQ(turned.answered_before_end, 0U);
  const Packet client_ends{.from = kClient, .flags = kFin | kAck, .sequence = 5};
  EXPECT_FALSE(flow_of({said, client_ends, syn}).has_client_ended) << "it was the service";
}

TEST(CaptureFlows, KnowWhatWasNotCapturedWhole) {
  EXPECT_FALSE(flow_of({{.from = kClient, .sequence = 1, .size = 1}}).is_cut);
  EXPECT_TRUE(flow_of({{.from = kClient, .sequence = 1, .size = 1, .is_cut = true}}).is_cut);
  EXPECT_FALSE(flow_of({{.from = kClient, .sequence = 1, .is_cut = true},
                        {.from = kClient, .sequence = 1, .size = 1}})
                   .is_cut);
}

TEST(CaptureFlows, KeepConversationsApartAndPassOverTheRest) {
  CaptureFlows flows;
  const Packet said{.from = kClient, .flags = kAck, .sequence = 1, .size = 1};
  ASSERT_EQ(flows.take(line_of(said, 3)), Taken::kYes);
  ASSERT_EQ(flows.take(line_of(said, 1)), Taken::kYes);
  ASSERT_EQ(flows.take(line_of({.from = kClient}, 2)), Taken::kYes);
  ASSERT_EQ(flows.take("\t10.0.0.1\t\t\t10.0.0.2\t\t\t\t\t\t60\t60"), Taken::kYes);
  const std::vector<Flow> found = flows.with_bytes();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].stream, 1U);
  EXPECT_EQ(found[1].stream, 3U);
  EXPECT_EQ(flows.packet_count(), 4U);
  EXPECT_EQ(flows.tcp_packet_count(), 3U);
}

TEST(CaptureFlows, RefuseWhatIsNoListOfPackets) {
  CaptureFlows flows;
  for (const std::string_view line :
       {"", "x", "x\t\t\t\t\t\t\t\t\t\t\t", "\t\t\t\t\t\t\t\t\t\t\t\t"}) {
    EXPECT_EQ(flows.take(line), Taken::kNotUnderstood) << line;
  }
}

TEST(CaptureFlows, AreNotWithoutNumber) {
  CaptureFlows flows;
  for (unsigned stream = 0; stream < CaptureFlows::kFlowsMax; ++stream) {
    ASSERT_EQ(flows.take(line_of({.from = kClient}, stream)), Taken::kYes);
  }
  EXPECT_EQ(flows.take(line_of({.from = kClient}, CaptureFlows::kFlowsMax)), Taken::kTooMany);
}

}  // namespace
}  // namespace framespec::conformance
