// One connection through the proxy: passes on what each side says, and how it ends.
#pragma once

#include <poll.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "launch/unique_fd.h"
#include "recording/conversation.h"

namespace framespec::conformance {

/// One direction: bytes that were read and not yet taken by the other side.
class Pipe {
 public:
  /// Of these descriptors, which others own.
  Pipe(int from, int to, Speaker speaker) : from_(from), to_(to), speaker_(speaker) {}

  [[nodiscard]] bool wants_to_read() const noexcept { return !is_ended() && begin_ == end_; }
  [[nodiscard]] bool wants_to_write() const noexcept { return !is_refused_ && begin_ != end_; }

  /// Takes what there is to read, up to a block, and passes on what is taken at once. False: the
  /// conversation (may be null) takes no more.
  [[nodiscard]] bool read(Conversation* conversation);
  void write();

  /// The stream has ended, and all of it was passed on; or nobody takes it.
  [[nodiscard]] bool is_over() const noexcept {
    return is_refused_ || (is_ended() && begin_ == end_);
  }
  [[nodiscard]] bool has_spoken() const noexcept { return has_spoken_; }
  [[nodiscard]] bool is_ended() const noexcept { return is_at_end_ || was_reset_; }
  [[nodiscard]] bool is_at_end() const noexcept { return is_at_end_; }
  [[nodiscard]] bool was_reset() const noexcept { return was_reset_; }
  [[nodiscard]] bool is_refused() const noexcept { return is_refused_; }

 private:
  static constexpr std::size_t kBlockSize = std::size_t{64} << 10U;

  int from_;
  int to_;
  Speaker speaker_;
  std::array<std::byte, kBlockSize> block_{};
  std::size_t begin_ = 0;  ///< of what is in the block and was not passed on
  std::size_t end_ = 0;
  bool has_spoken_ = false;  ///< a byte was read
  bool is_at_end_ = false;   ///< the end of the stream was read
  bool was_reset_ = false;   ///< or a reset was
  bool is_refused_ = false;  ///< the other side takes no more
};

/// Both directions. Each end of a stream is passed on by itself behind its bytes; a reset of one
/// side is one of the other, behind what had come. Where a side does not read, at most a block
/// waits in here, and the other side is not read either.
class Relay {
 public:
  /// What each side is waited for, in this order: poll(2) ignores a negative descriptor.
  static constexpr std::size_t kPolledCount = 2;

  /// Two connected, non-blocking sockets.
  Relay(UniqueFd client, UniqueFd service);

  /// Appends kPolledCount of them.
  void add_polled(std::vector<pollfd>& polled) const;

  enum class Outcome : std::uint8_t { kGoesOn, kOver, kTooLarge };
  /// Does what can be done. `conversation` may be null. When it is over, both sockets are closed.
  [[nodiscard]] Outcome advance(const pollfd& client, const pollfd& service,
                                Conversation* conversation);

  /// Resets both sides.
  void abort();

  [[nodiscard]] const UniqueFd& service() const noexcept { return service_; }
  /// Whether a byte has come from the service, or from either side.
  [[nodiscard]] bool was_answered() const noexcept { return answers_.has_spoken(); }
  [[nodiscard]] bool has_spoken() const noexcept {
    return requests_.has_spoken() || was_answered();
  }

 private:
  /// False: the conversation takes no more.
  [[nodiscard]] bool read(Pipe& pipe, const Pipe& back, const UniqueFd& to,
                          Conversation* conversation);
  [[nodiscard]] bool is_over() const noexcept;
  void close();

  UniqueFd client_;
  UniqueFd service_;
  Pipe requests_;
  Pipe answers_;
};

/// Closes the socket with a reset.
void reset(UniqueFd& socket);

}  // namespace framespec::conformance
