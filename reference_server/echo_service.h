// The two services that need nothing but the request: echo and upper.
#pragma once

#include "service.h"

namespace framespec::server {

/// Sends the payload back: same lead, same file name, right md5 and total_size.
class EchoService final : public Service {
 public:
  asio::awaitable<Outcome> answer(Request request, ReplyWriter& writer, PeerWatch& peer) override;
};

/// The same with the ASCII letters of the payload upper-cased; all other bytes stay as they are.
class UpperService final : public Service {
 public:
  asio::awaitable<Outcome> answer(Request request, ReplyWriter& writer, PeerWatch& peer) override;
};

}  // namespace framespec::server
