// What is done with a request.
#pragma once

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <expected>
#include <memory>
#include <string_view>

#include "connection_end.h"
#include "framespec/bytes.h"
#include "log.h"
#include "options.h"
#include "peer_watch.h"
#include "reply_writer.h"

namespace framespec::server {

/// One request. Everything is a view that is valid until the answer is complete.
struct Request {
  Bytes payload;
  bool is_raw = false;                 ///< one receive, unframed (CON-8)
  Bytes lead = {};                     ///< of the frame, as received; empty if raw
  std::string_view filename = {};      ///< of its JSON header; empty if there is none
  std::string_view verified_md5 = {};  ///< of the payload, if it has been compared; else empty

  /// The payload as a name or a command. People end a raw request with a newline; it is left out.
  std::string_view text() const noexcept;
};

/// Answers requests, one after another on each connection, of many connections at once. A service
/// holds nothing of any request or connection beyond its answer (CON-3).
class Service {
 public:
  Service() = default;
  virtual ~Service() = default;
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  /// Writes exactly one reply, or says why the connection must end without one. What takes long
  /// without reading or writing is to end when `peer` says that nobody waits for it any more.
  virtual asio::awaitable<Outcome> answer(Request request, ReplyWriter& writer,
                                          PeerWatch& peer) = 0;

  /// The largest request that can make sense; a longer one is refused as too large.
  virtual std::uint64_t request_size_max() const noexcept { return kPayloadSizeMax; }

  /// The most that so many connections hold at once, their sockets included. Grows with them.
  virtual std::uint64_t descriptors_for(std::uint64_t connections) const noexcept {
    return connections;
  }
};

/// The service that `options` asks for, or why it cannot work. `options` and `log` outlive it.
std::expected<std::unique_ptr<Service>, Exit> make_service(const Options& options, Log& log);

}  // namespace framespec::server
