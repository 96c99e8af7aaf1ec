// Where a phenomenon is played: sockets on loopback that note what is done with them. One thread
// plays both ends of a connection, so that it is always the same order; what waits is the kernel.
//
// A call that fails unexpectedly, or waits for too long, leaves the play by an exception.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "delivery/own_packets.h"
#include "launch/unique_fd.h"
#include "phenomena/phenomenon.h"
#include "phenomena/scene.h"

namespace framespec::phenomena {

/// The play cannot go on, for a reason in words.
class CannotPlay : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// For which anything that must come is waited for.
inline constexpr std::chrono::milliseconds kPatience{10'000};

/// Takes notes. Ends refer to it.
class Stage {
 public:
  explicit Stage(const std::atomic<bool>& interrupted) : interrupted_(interrupted) {}
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  /// Forgets what was noted: the clock begins at 0.
  void begin(Scene scene);
  [[nodiscard]] const Scene& scene() const noexcept { return scene_; }
  [[nodiscard]] std::chrono::nanoseconds now() const;
  void note(Who who, std::string what, Passage passage = Passage::kNone);

  void note_connection(PlayedConnection connection) {
    connections_.push_back(std::move(connection));
  }
  [[nodiscard]] const std::vector<PlayedConnection>& connections() const { return connections_; }

  /// Until poll(2) finds one of `events` on the descriptor; false after `at_most`.
  [[nodiscard]] bool wait_for(int fd, short events, std::chrono::milliseconds at_most) const;

 private:
  const std::atomic<bool>& interrupted_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  Scene scene_;
  std::vector<PlayedConnection> connections_;
};

/// A TCP socket of one of the two sides, on 127.0.0.1.
class End {
 public:
  End(Stage& stage, Who who);

  /// Port 0 is any that is free.
  void listen_at(std::uint16_t port, int backlog);
  [[nodiscard]] std::uint16_t port() const;
  /// The errno, or 0.
  [[nodiscard]] int bind_to(std::uint16_t port);
  [[nodiscard]] End accept();

  /// Begins to connect. Whether that was done at once.
  bool connect_to(std::uint16_t port);
  /// False where it is not, after so long.
  [[nodiscard]] bool wait_until_connected(std::chrono::milliseconds at_most = kPatience);

  /// One call of send, for all of it.
  void write(std::string_view bytes);
  /// One call of recv, for at most so many, as soon as any are there; nothing at the end of the
  /// stream.
  std::string read(std::size_t size);
  /// As many reads as it takes for so many; fewer at the end of the stream only.
  std::string read_exactly(std::size_t size);
  /// Nothing more is written.
  void finish();
  /// Until the other side has finished: all that it wrote is in this side's queue then. Gives the
  /// number of those bytes back.
  int wait_for_all();
  void close(std::string_view words = "close");

  /// setsockopt(2) with an int.
  void set(int level, int name, int value, std::string_view words);
  /// What the kernel tells of what was written.
  [[nodiscard]] delivery::OwnPackets packets() const;
  [[nodiscard]] int fd() const noexcept { return fd_.get(); }

 private:
  End(Stage& stage, Who who, int fd) : stage_(&stage), who_(who), fd_(fd) {}

  Stage* stage_;
  Who who_;
  conformance::UniqueFd fd_;
};

/// A client and a server that are connected.
struct Pair {
  /// `what`: for a capture.
  Pair(Stage& stage, const std::string& what);

  End client;
  End server;
};

}  // namespace framespec::phenomena
