// Whether anybody still waits for the answer.
#pragma once

#include <functional>
#include <memory>

#include "reply_writer.h"

namespace framespec::server {

/// Tells that a peer is gone while its answer is being worked out, and nothing is read or written
/// that would show it. A peer that only shut down its sending side is not gone: it still waits
/// (EOS-4).
///
/// All calls come from the thread of the socket's executor.
class PeerWatch {
 public:
  /// `socket` outlives the watch.
  explicit PeerWatch(Socket& socket) : socket_(socket) {}
  PeerWatch(const PeerWatch&) = delete;
  PeerWatch& operator=(const PeerWatch&) = delete;

  /// The connection was reset, or abort() was called.
  bool is_gone() const;

  /// Calls `on_gone` at most once: when the peer is gone, or at once by abort(), which depends on
  /// no event of the socket. Nothing else may wait for the socket until stop().
  void start(std::function<void()> on_gone);
  void stop();

  /// From now on the peer counts as gone.
  void abort();

 private:
  void wait();
  void tell();

  Socket& socket_;
  std::shared_ptr<std::function<void()>> on_gone_;  // handlers that come too late find it expired
  bool aborted_ = false;
};

}  // namespace framespec::server
