#include "recording/follow_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "framespec/hex.h"
#include "framespec/shortened.h"

namespace framespec::conformance {
namespace {

constexpr std::size_t kLineShownMax = 60;

const char* name_of(Speaker speaker) {
  return speaker == Speaker::kClient ? "the client" : "the service";
}

/// Of how many bytes tshark says, in place of them, that they are missing, in digits; else empty.
/// It ends what it says with a NUL.
std::string_view missing_in(std::string_view said) {
  constexpr std::string_view kBegin = "[";
  constexpr std::string_view kEnd{" bytes missing in capture file]\0", 32};
  if (!said.starts_with(kBegin) || !said.ends_with(kEnd)) return {};
  said.remove_prefix(kBegin.size());
  said.remove_suffix(kEnd.size());
  const bool is_number =
      std::ranges::all_of(said, [](char digit) { return digit >= '0' && digit <= '9'; });
  return is_number ? said : std::string_view{};
}

std::string lack(const char* speaker, std::uint64_t offset, std::string_view size) {
  return fmt::format(
      "the capture lacks {} byte{} of what {} said, behind the first {}: capture it again, with a "
      "larger buffer (tcpdump -B) or nearer to one of them",
      size, size == "1" ? "" : "s", speaker, offset);
}

}  // namespace

bool FollowOutput::take(std::string_view line) {
  constexpr std::string_view kFirstNode = "Node 0: ";
  constexpr std::string_view kSecondNode = "Node 1: ";
  switch (part_) {
    case Part::kHead:
      if (!line.starts_with(kFirstNode)) return true;
      is_first_node_client_ = flow_.is_client(line.substr(kFirstNode.size()));
      part_ = Part::kFirstNode;
      return true;
    case Part::kFirstNode:
      if (!line.starts_with(kSecondNode)) return refuse(line);
      part_ = Part::kSaid;
      return true;
    case Part::kSaid:
      if (!line.starts_with("===")) return take_said(line);
      part_ = Part::kEnded;
      return true;
    case Part::kEnded:
      return line.empty() || refuse(line);
  }
  return false;
}

bool FollowOutput::take_said(std::string_view line) {
  const bool is_of_first_node = !line.starts_with('\t');
  const Speaker speaker =
      is_of_first_node == is_first_node_client_ ? Speaker::kClient : Speaker::kService;
  const auto bytes = read_hex(line);
  if (!bytes || bytes->empty()) return refuse(line);
  std::uint64_t& size = speaker == Speaker::kClient ? client_size_ : service_size_;
  if (const std::string_view missing = missing_in(as_text(*bytes)); !missing.empty()) {
    error_ = lack(name_of(speaker), size, missing);
    return false;
  }
  const bool is_behind_end = flow_.has_client_ended && speaker == Speaker::kService &&
                             client_size_ == flow_.client.size && size >= flow_.answered_before_end;
  if (is_behind_end) conversation_.end_of_client();
  size += bytes->size();
  if (conversation_.add(speaker, *bytes)) return true;
  error_ = recorded_limits();
  return false;
}

bool FollowOutput::refuse(std::string_view line) {
  error_ = fmt::format("tshark wrote \"{}\", which is not understood here",
                       shortened(line, kLineShownMax));
  return false;
}

std::expected<Conversation, std::string> FollowOutput::finish() && {
  if (!error_.empty()) return std::unexpected(std::move(error_));
  if (part_ != Part::kEnded) return std::unexpected("tshark has not written all of it");
  // Behind the last bytes that it has, tshark misses none.
  struct Said {
    Speaker speaker;
    std::uint64_t came;
    std::uint64_t all;
  };
  for (const auto& [speaker, came, all] :
       {Said{Speaker::kClient, client_size_, flow_.client.size},
        Said{Speaker::kService, service_size_, flow_.service.size}}) {
    if (came < all)
      return std::unexpected(lack(name_of(speaker), came, std::to_string(all - came)));
  }
  if (flow_.has_client_ended) conversation_.end_of_client();
  return std::move(conversation_);
}

}  // namespace framespec::conformance
