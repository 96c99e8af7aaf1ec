// What `tshark -z follow,tcp,raw,N` prints of one TCP conversation. Sans-IO.
//
//   ===================================================================
//   Follow: tcp,raw
//   Filter: tcp.stream eq 0
//   Node 0: 10.0.0.1:50000
//   Node 1: 10.0.0.2:5432
//           68656c6c6f0a          what node 1 said, behind a tab
//   50494e47                      what node 0 said
//   ===================================================================
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "recording/capture_flows.h"
#include "recording/conversation.h"

namespace framespec::conformance {

class FollowOutput {
 public:
  /// `flow` tells which of the nodes is the client; it must outlive this.
  explicit FollowOutput(const Flow& flow) : flow_(flow) {}

  /// The next line, without its end. False: no more are wanted, as this one is wrong.
  [[nodiscard]] bool take(std::string_view line);

  /// What was said, when all lines were taken; or why that is not known: bytes are missing in the
  /// capture, and where; there is more than is recorded; the lines are not of this form.
  [[nodiscard]] std::expected<Conversation, std::string> finish() &&;

 private:
  enum class Part : std::uint8_t { kHead, kFirstNode, kSaid, kEnded };

  [[nodiscard]] bool take_said(std::string_view line);
  [[nodiscard]] bool refuse(std::string_view line);

  const Flow& flow_;
  Part part_ = Part::kHead;
  bool is_first_node_client_ = false;
  std::uint64_t client_size_ = 0;
  std::uint64_t service_size_ = 0;
  Conversation conversation_;
  std::string error_;
};

}  // namespace framespec::conformance
