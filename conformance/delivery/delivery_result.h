// What became of one delivery: which cuts provably reached the peer, and if not, which and why.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace framespec::delivery {

enum class ProofLevel : std::uint8_t {
  kProven,  ///< the kernel's figures show that the peer met every boundary exactly as it was meant
  kPaced,   ///< no proof can be had for this peer; sent with pauses in between. `reason` says why
  kUnproven,  ///< a proof was to be had in principle and failed. `reason` says why
};

enum class Outcome : std::uint8_t {
  kDelivered,   ///< everything was sent, and where a proof can be had, everything was taken
  kNotTaken,    ///< the peer stayed connected but did not take the bytes before the deadline
  kPeerClosed,  ///< the peer closed its side (FIN) before everything was sent or taken
  kPeerReset,   ///< the peer reset the connection
  kCancelled,   ///< the caller's `cancelled` flag was set
  kFailed,      ///< our side could not work: bad arguments, a system call failed
};

/// How the peer's sending direction looks to us.
enum class PeerEnd : std::uint8_t { kOpen, kClosed, kReset };

/// The result of one call of a Deliverer. Byte counts are of this delivery alone; end of stream is
/// not counted.
struct Delivery {
  Outcome outcome = Outcome::kFailed;
  ProofLevel proof = ProofLevel::kUnproven;
  PeerEnd peer_end = PeerEnd::kOpen;

  std::size_t segments = 0;         ///< in the request
  std::size_t segments_sent = 0;    ///< handed to the kernel completely
  std::size_t segments_proven = 0;  ///< taken by the peer's application, or held back, by proof
  /// Of those, not taken, because fewer bytes were there than the testee lets itself be told of
  /// (SO_RCVLOWAT): by its own choice it does not meet the cut behind them.
  std::size_t segments_held_back = 0;
  std::uint64_t bytes = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_taken = 0;  ///< lower bound, from the last answer of the kernel

  /// So many bytes, and no more, found room in the peer's queue when all were to be in it together
  /// (Deliverer::coalesced(), end_with()): they cannot be.
  std::optional<std::uint64_t> room;
  /// The peer held the connection and left bytes in its queue until more came or time was up, and
  /// got the rest unproven (DelivererOptions::send_past_unread).
  bool left_unread = false;
  /// The first segment (from 0) whose taking was not proven; nothing when all were.
  std::optional<std::size_t> unproven_segment;
  /// One or two sentences for the report. Empty when outcome is kDelivered and proof is kProven.
  std::string reason;

  /// True when no byte of one segment can have reached the peer in the same receive as a byte of
  /// another: every boundary that was reached was proven before the next segment left. It stays
  /// true when the peer closed, reset or stalled on the last segment sent. Whether a verdict may be
  /// based on the cuts is THIS question.
  bool cuts_exact = false;
};

[[nodiscard]] std::string_view to_string(ProofLevel level) noexcept;
[[nodiscard]] std::string_view to_string(Outcome outcome) noexcept;
[[nodiscard]] std::string_view to_string(PeerEnd end) noexcept;

}  // namespace framespec::delivery
