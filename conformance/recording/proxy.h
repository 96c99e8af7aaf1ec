// Records a conversation between a client and a service by standing between them.
#pragma once

#include <atomic>
#include <cstdint>
#include <expected>
#include <functional>
#include <string>

#include "launch/endpoint.h"
#include "recording/conversation.h"
#include "recording/record_error.h"

namespace framespec::conformance {

struct ProxyOptions {
  Endpoint listen;
  Endpoint service;
  std::uint64_t connection = 1;  ///< which one is recorded, counted from 1 as they come
  const std::atomic<bool>* cancelled = nullptr;  ///< set by the handler of a signal; never null
  /// Takes what the user is to know meanwhile: a sentence, which may hold a peer's words.
  std::function<void(const std::string&)> tell;
};

/// Listens, tells so, and passes on every connection that comes to one of its own to the service,
/// byte by byte, with the ends of its streams and resets. Returns when the connection to be
/// recorded has ended, or `cancelled` is true, what it has said until then: at least one byte.
/// Connections that go on then are reset.
[[nodiscard]] std::expected<Conversation, RecordError> record_through_proxy(
    const ProxyOptions& options);

}  // namespace framespec::conformance
