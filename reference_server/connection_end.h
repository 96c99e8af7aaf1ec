// Why a connection ended: what services and sessions return, and what the log says.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "framespec/error.h"

namespace framespec::server {

enum class EndKind : std::uint8_t {
  kClean,          ///< the peer ended the stream between two requests (EOS-1)
  kProtocolError,  ///< a request broke a rule, or the stream ended inside one: `error` says how
  kNoAnswer,       ///< a request to which the wire has no answer, such as a file that is not there
  kFrameTimeout,   ///< a request did not arrive whole in time (TIM-1)
  kIdleTimeout,    ///< no byte moved for too long (TIM-2)
  kDrained,        ///< the server was told to stop, and nothing was in progress (TIM-4)
  kReset,          ///< the transport failed: a reset, as a rule
  kAborted,        ///< cut off: the drain time-out, or a second signal
};

/// As the log writes it, such as "frame_timeout".
std::string_view name_of(EndKind kind) noexcept;

struct ConnectionEnd {
  EndKind kind = EndKind::kClean;
  std::optional<Error> error;  ///< with kProtocolError
  std::string detail;          ///< with kNoAnswer and kReset: a sentence
};

/// Success, or the reason for which the connection ends now.
using Outcome = std::expected<void, ConnectionEnd>;

/// Ends the connection without an answer to this request.
inline std::unexpected<ConnectionEnd> no_answer(std::string why) {
  return std::unexpected(
      ConnectionEnd{.kind = EndKind::kNoAnswer, .error = {}, .detail = std::move(why)});
}

/// Ends the connection because there is nobody to answer.
inline std::unexpected<ConnectionEnd> peer_gone(std::string why) {
  return std::unexpected(
      ConnectionEnd{.kind = EndKind::kReset, .error = {}, .detail = std::move(why)});
}

}  // namespace framespec::server
