// A server that does exactly what a test tells it, byte by byte.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace framespec::client::test {

/// One accepted connection, on plain blocking calls. When the peer is gone, receiving gives what
/// there is and sending does nothing.
class Peer {
 public:
  /// `current` holds the socket for as long as it is open; both are guarded by `mutex`.
  Peer(int socket, std::mutex& mutex, int& current)
      : mutex_(mutex), current_(current), socket_(socket) {}
  ~Peer();
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  /// What one receive gives; empty at the end.
  std::string receive();
  /// The payload of the next request in `dialect`; empty at the end, too.
  std::string receive_frame(const char* dialect);
  /// Whether something has come that was not yet received.
  bool has_bytes() const;
  /// Reads to the end of the stream.
  std::string receive_all();

  bool send(std::string_view bytes);
  void send_byte_by_byte(std::string_view bytes);

  /// Closes the sending side.
  void finish();
  /// Ends the connection with a reset.
  void reset();
  /// Ends the connection in the ordinary way.
  void close();

 private:
  std::mutex& mutex_;
  int& current_;
  int socket_;
  std::string left_;  // received, and not yet used by receive_frame
};

class ScriptedServer {
 public:
  enum class Family : std::uint8_t { kIpv4, kIpv6 };
  using Script = std::function<void(Peer&)>;

  /// Runs `script` for each connection, one after the other, in a thread of its own; then closes
  /// it.
  explicit ScriptedServer(Script script, Family family = Family::kIpv4);
  /// The same behind a Unix socket.
  ScriptedServer(Script script, const std::string& unix_path);
  ~ScriptedServer();  ///< ends a connection in progress
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  /// As the client takes it.
  const std::string& address() const noexcept { return address_; }

 private:
  void serve();

  Script script_;
  int listener_ = -1;
  std::string address_;
  std::mutex mutex_;  // guards current_ and stopped_
  int current_ = -1;
  bool stopped_ = false;
  std::thread thread_;
};

/// After its script it neither sends nor closes, until it is destroyed.
class StayingServer {
 public:
  explicit StayingServer(ScriptedServer::Script script)
      : server_([this, script = std::move(script)](Peer& peer) {
          script(peer);
          over_.wait(false);
        }) {}
  ~StayingServer() {
    over_ = true;
    over_.notify_all();
  }
  StayingServer(const StayingServer&) = delete;
  StayingServer& operator=(const StayingServer&) = delete;

  const ScriptedServer& operator*() const noexcept { return server_; }

 private:
  std::atomic<bool> over_ = false;
  ScriptedServer server_;
};

/// Answers every request with the same bytes, then waits for the client's close.
ScriptedServer::Script answer(std::string reply);

/// `payload` as one frame of a shipped dialect; in `json` with the right md5 and this file name.
std::string framed(const char* dialect, std::string_view payload,
                   std::string_view filename = "request");

/// A json frame whose header has these values, whatever they are worth.
std::string json_frame(std::string_view filename, std::string_view md5, std::string_view total_size,
                       std::string_view payload);

}  // namespace framespec::client::test
