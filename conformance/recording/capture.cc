#include "recording/capture.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "framespec/shortened.h"
#include "recording/capture_flows.h"
#include "recording/follow_output.h"
#include "recording/tshark.h"

namespace framespec::conformance {
namespace {

using Kind = RecordError::Kind;
using Take = std::function<bool(std::string_view line)>;

constexpr std::size_t kChoicesShown = 20;

// What the protocols inside make of their messages is of interest to a filter alone. Of one that
// takes the bytes for a long message, tshark would put that together anew with every packet.
constexpr const char* kNoMessages = "tcp.desegment_tcp_streams:FALSE";

class Capture {
 public:
  explicit Capture(const RecordingSource& source)
      : source_(source), name_(shortened(source.capture)) {}

  [[nodiscard]] std::expected<Replay, RecordError> read();

 private:
  using Flows = std::vector<Flow>;

  [[nodiscard]] std::unexpected<RecordError> wrong(const std::string& why) const {
    return std::unexpected(RecordError{.sentence = fmt::format("{}: {}", name_, why)});
  }

  [[nodiscard]] std::expected<TsharkEnd, RecordError> run(std::vector<std::string> more,
                                                          const Take& take) const;
  [[nodiscard]] std::expected<Flows, RecordError> all_flows() const;
  [[nodiscard]] std::expected<Flows, RecordError> matching(const Flows& all) const;
  [[nodiscard]] std::expected<Flow, RecordError> chosen_flow() const;
  [[nodiscard]] std::expected<Conversation, RecordError> follow(const Flow& flow) const;
  [[nodiscard]] std::unexpected<RecordError> needs_choice(std::string sentence,
                                                          const Flows& flows) const;

  const RecordingSource& source_;
  std::string name_;
};

/// What is wrong with a file, tshark 4.0 says by 2, and later ones by 3.
bool is_of_file(int status) { return status == 2 || status == 3; }

std::unexpected<RecordError> tshark_failed(const TsharkEnd& end) {
  return std::unexpected(RecordError{
      .kind = Kind::kCannotWork,
      .sentence = fmt::format("tshark failed with status {}: {}", end.status,
                              end.complaint.empty() ? "it says nothing" : end.complaint)});
}

std::expected<TsharkEnd, RecordError> Capture::run(std::vector<std::string> more,
                                                   const Take& take) const {
  // The checksums of what a machine sends are often made by its network card, behind the capture.
  std::vector<std::string> arguments{"-n",
                                     "-r",
                                     source_.capture,
                                     "-o",
                                     "tcp.check_checksum:FALSE",
                                     "-o",
                                     "ip.check_checksum:FALSE"};
  std::ranges::move(more, std::back_inserter(arguments));
  return run_tshark(arguments, *source_.cancelled, take);
}

std::unexpected<RecordError> Capture::needs_choice(std::string sentence, const Flows& flows) const {
  RecordError error{.sentence = std::move(sentence)};
  for (const Flow& flow : flows) {
    if (error.choices.size() == kChoicesShown) {
      error.choices.push_back(fmt::format("and {} more", flows.size() - kChoicesShown));
      break;
    }
    error.choices.push_back(fmt::format("--flow 'tcp.stream == {}'  {}, {} bytes and {} back",
                                        flow.stream, to_string(flow), flow.client.size,
                                        flow.service.size));
  }
  return std::unexpected(std::move(error));
}

std::expected<Capture::Flows, RecordError> Capture::all_flows() const {
  std::vector<std::string> arguments{"-o", kNoMessages, "-T", "fields", "-E", "occurrence=l"};
  for (const std::string_view field : CaptureFlows::fields()) {
    arguments.insert(arguments.end(), {"-e", std::string(field)});
  }
  CaptureFlows flows;
  auto taken = CaptureFlows::Taken::kYes;
  std::string last;
  const auto end = run(std::move(arguments), [&](std::string_view line) {
    taken = flows.take(line);
    if (taken == CaptureFlows::Taken::kNotUnderstood) last = shortened(line);
    return taken == CaptureFlows::Taken::kYes;
  });
  if (!end) return std::unexpected(end.error());
  if (taken == CaptureFlows::Taken::kTooMany) {
    return wrong(fmt::format(
        "has more than {} TCP conversations; make a smaller one of it first, by tshark -Y or "
        "editcap",
        CaptureFlows::kFlowsMax));
  }
  if (taken == CaptureFlows::Taken::kNotUnderstood) {
    return std::unexpected(RecordError{
        .kind = Kind::kCannotWork,
        .sentence = fmt::format("tshark wrote \"{}\", which is not understood here", last)});
  }
  if (is_of_file(end->status)) return wrong("tshark says: " + end->complaint);
  if (end->status != 0) return tshark_failed(*end);
  if (flows.packet_count() == 0) return wrong("holds no packet");
  if (flows.tcp_packet_count() == 0) {
    return wrong(fmt::format("none of its {} packets is of TCP", flows.packet_count()));
  }
  Flows all = flows.with_bytes();
  if (all.empty()) return wrong("not a byte is said in its TCP conversations");
  return all;
}

std::expected<Capture::Flows, RecordError> Capture::matching(const Flows& all) const {
  std::set<std::uint32_t> matched;
  const auto end =
      run({"-Y", source_.flow, "-T", "fields", "-e", "tcp.stream"}, [&](std::string_view line) {
        std::uint32_t stream = 0;
        const auto [rest, error] = std::from_chars(line.data(), line.data() + line.size(), stream);
        if (error == std::errc{}) matched.insert(stream);
        return true;
      });
  if (!end) return std::unexpected(end.error());
  // The file was read before, so that it is the filter.
  if (end->status != 0 && !end->complaint.empty()) {
    return std::unexpected(
        RecordError{.sentence = fmt::format("--flow: tshark says: {}", end->complaint)});
  }
  if (end->status != 0) return tshark_failed(*end);
  Flows flows;
  std::ranges::copy_if(all, std::back_inserter(flows),
                       [&](const Flow& flow) { return matched.contains(flow.stream); });
  return flows;
}

std::expected<Flow, RecordError> Capture::chosen_flow() const {
  auto all = all_flows();
  if (!all) return std::unexpected(std::move(all.error()));
  if (source_.flow.empty()) {
    if (all->size() == 1) return std::move(all->front());
    return needs_choice(
        fmt::format("{}: has {} TCP conversations; say which one", name_, all->size()), *all);
  }
  auto flows = matching(*all);
  if (!flows) return std::unexpected(std::move(flows.error()));
  if (flows->size() == 1) return std::move(flows->front());
  const std::string filter = shortened(source_.flow);
  if (flows->empty()) {
    return needs_choice(
        fmt::format("{}: --flow '{}' matches none of its TCP conversations", name_, filter), *all);
  }
  return needs_choice(fmt::format("{}: --flow '{}' matches {} TCP conversations; say which one",
                                  name_, filter, flows->size()),
                      *flows);
}

std::expected<Conversation, RecordError> Capture::follow(const Flow& flow) const {
  FollowOutput output(flow);
  const auto end =
      run({"-o", kNoMessages, "-q", "-z", fmt::format("follow,tcp,raw,{}", flow.stream)},
          [&](std::string_view line) { return output.take(line); });
  if (!end) return std::unexpected(end.error());
  if (!end->was_stopped && end->status != 0) return tshark_failed(*end);
  auto conversation = std::move(output).finish();
  if (!conversation) return wrong(conversation.error());
  return *std::move(conversation);
}

std::expected<Replay, RecordError> Capture::read() {
  std::error_code error;
  const auto there = std::filesystem::status(source_.capture, error);
  if (!std::filesystem::exists(there)) return wrong("cannot be read: " + error.message());
  // tshark itself would wait for a pipe, and reads itself from "-".
  if (!std::filesystem::is_regular_file(there)) return wrong("is no ordinary file; give one");
  const auto flow = chosen_flow();
  if (!flow) return std::unexpected(flow.error());
  if (flow->is_cut) {
    return wrong(
        fmt::format("not all bytes of the packets from {} were captured: capture them "
                    "again, whole (tcpdump -s 0)",
                    to_string(*flow)));
  }
  // tshark keeps a conversation in memory before it writes it.
  if (flow->client.size + flow->service.size > kRecordedBytesMax) {
    return wrong(fmt::format("{}: {}", to_string(*flow), recorded_limits()));
  }
  auto conversation = follow(*flow);
  if (!conversation) return std::unexpected(std::move(conversation.error()));
  if (!flow->has_beginning) {
    source_.tell(fmt::format(
        "the capture does not have the beginning of the conversation: what was said before is not "
        "recorded, and {} is taken for the client, as its port is not the lower one",
        flow->client.address));
  }
  return std::move(*conversation)
      .to_replay(fmt::format("{}, from {}", to_string(*flow), source_.capture));
}

}  // namespace

std::expected<Replay, RecordError> read_capture(const RecordingSource& source) {
  return Capture(source).read();
}

}  // namespace framespec::conformance
