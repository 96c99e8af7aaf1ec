#include "recording/recording.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <span>
#include <utility>
#include <vector>

#include "launch/unique_fd.h"
#include "os/error_text.h"
#include "recording/capture.h"
#include "recording/conversation.h"
#include "recording/interruptible_poll.h"

namespace framespec::conformance {
namespace {

std::unexpected<RecordError> wrong(std::string sentence) {
  return std::unexpected(RecordError{.sentence = std::move(sentence)});
}

/// A pipe is as good as a file: its writer says where it ends.
std::expected<Conversation, RecordError> read_stream(const RecordingSource& source) {
  const bool is_standard_input = source.stream == "-";
  const std::string name = is_standard_input ? "standard input" : source.stream;
  UniqueFd owned;
  if (!is_standard_input) {
    // Nobody is waited for here: until a pipe has a writer it is not ready below.
    owned = UniqueFd(open(source.stream.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (!owned) return wrong(fmt::format("{}: cannot be read: {}", name, os::error_text(errno)));
  }
  const int fd = is_standard_input ? STDIN_FILENO : owned.get();
  const InterruptiblePoll poll;
  Conversation conversation;
  std::vector<std::byte> block(std::size_t{64} << 10U);
  for (;;) {
    if (source.cancelled->load()) return wrong(name + ": interrupted before its end");
    std::array polled{pollfd{.fd = fd, .events = POLLIN, .revents = 0}};
    poll.wait(polled);
    if (polled.front().revents == 0) continue;
    const ssize_t size = read(fd, block.data(), block.size());
    if (size < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (size < 0) return wrong(fmt::format("{}: cannot be read: {}", name, os::error_text(errno)));
    if (size == 0) break;
    const auto bytes = std::span(block).first(static_cast<std::size_t>(size));
    if (!conversation.add(Speaker::kClient, bytes)) {
      return wrong(fmt::format("{}: {}", name, recorded_limits()));
    }
  }
  if (conversation.size() == 0) return wrong(name + ": is empty; there is nothing to record");
  return conversation;
}

}  // namespace

Replay recording_of_stream(Bytes stream) {
  Replay replay;
  if (stream.empty()) return replay;
  step::Send send;
  send.bytes.assign(stream.begin(), stream.end());
  replay.steps.push_back({.action = std::move(send)});
  return replay;
}

std::expected<Replay, RecordError> read_recording(const RecordingSource& source) {
  if (!source.capture.empty()) return read_capture(source);
  auto conversation = read_stream(source);
  if (!conversation) return std::unexpected(std::move(conversation.error()));
  return std::move(*conversation)
      .to_replay(source.stream == "-" ? "what a client sent, from standard input"
                                      : "what a client sent, from " + source.stream);
}

}  // namespace framespec::conformance
