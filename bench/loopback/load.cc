#include "loopback/load.h"

#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "framespec/prefix.h"
#include "loopback/clock.h"
#include "loopback/descriptor.h"
#include "loopback/echo_connection.h"
#include "loopback/echo_frame.h"
#include "loopback/interruption.h"

namespace framespec::bench {
namespace {

using Outcome = std::expected<void, std::string>;

constexpr double kNanoseconds = 1e9;
constexpr std::size_t kReceiveSizeMax = std::size_t{256} * 1024;
constexpr int kEventsMax = 256;
constexpr int kWithoutWaiting = 0;

std::int64_t in_ns(double seconds) { return static_cast<std::int64_t>(seconds * kNanoseconds); }

class Generator {
 public:
  explicit Generator(const Load& load)
      : load_(load),
        frame_(*load.dialect, load.payload_size),
        epoll_(::epoll_create1(EPOLL_CLOEXEC)) {}

  std::expected<LoadResult, std::string> run() {
    Outcome done = connect();
    if (done) done = load_.frames_per_s ? open_loop(*load_.frames_per_s) : closed_loop();
    if (done) done = close();
    if (!done) return std::unexpected(done.error());
    return std::move(result_);
  }

 private:
  /// A few at once, each with a frame there and back: no more wait to be accepted than the shortest
  /// backlog holds.
  Outcome connect() {
    constexpr std::size_t kAtOnceMax = 64;
    for (std::size_t i = 0; i < load_.connection_count; ++i) {
      auto opened = EchoConnection::open(load_.port, static_cast<std::uint32_t>(i), frame_);
      if (!opened) return std::unexpected(opened.error());
      connections_.push_back({.echo = *std::move(opened)});
      watch(EPOLL_CTL_ADD, i, EPOLLIN);
      if (auto done = post(i, now_ns()); !done) return done;
      if ((i + 1) % kAtOnceMax != 0) continue;
      if (auto done = await_echoes(); !done) return done;
    }
    return await_echoes();
  }

  Outcome closed_loop() {
    const std::int64_t begin_ns = now_ns() + in_ns(load_.warm_up_s);
    refills_ = true;
    for (std::size_t i = 0; i < connections_.size(); ++i) {
      for (std::size_t frame = 0; frame < load_.in_flight; ++frame) {
        if (auto done = post(i, now_ns()); !done) return done;
      }
    }
    while (now_ns() < begin_ns) {
      if (auto done = serve_or_silence(); !done) return done;
    }
    const std::int64_t began_ns = now_ns();
    const std::int64_t server_cpu_ns = load_.server_cpu_ns();
    counts_from_ns_ = 0;
    const std::int64_t end_ns = began_ns + in_ns(load_.duration_s);
    // A short time beside busy processes is made longer until all connections had their turn.
    const auto fewest = static_cast<std::int64_t>(connections_.size());
    while (now_ns() < end_ns || result_.latencies.count() < fewest) {
      if (auto done = serve_or_silence(); !done) return done;
    }
    counts_from_ns_ = INT64_MAX;
    result_.duration_s = static_cast<double>(now_ns() - began_ns) / kNanoseconds;
    result_.server_cpu_ns = load_.server_cpu_ns() - server_cpu_ns;
    refills_ = false;
    return await_echoes();
  }

  Outcome open_loop(double frames_per_s) {
    const double interval_ns = kNanoseconds / frames_per_s;
    const std::int64_t start_ns = now_ns();
    counts_from_ns_ = start_ns + in_ns(load_.warm_up_s);
    const auto count =
        static_cast<std::int64_t>((load_.warm_up_s + load_.duration_s) * frames_per_s);
    std::int64_t server_cpu_ns = load_.server_cpu_ns();
    bool is_warm = false;
    for (std::int64_t frame = 0; frame < count;) {
      const std::int64_t time_ns = now_ns();
      if (!is_warm && time_ns >= counts_from_ns_) {
        server_cpu_ns = load_.server_cpu_ns();
        is_warm = true;
      }
      for (; frame < count; ++frame) {
        const auto meant_ns =
            start_ns + static_cast<std::int64_t>(static_cast<double>(frame) * interval_ns);
        if (meant_ns > time_ns) break;
        const std::size_t connection = static_cast<std::size_t>(frame) % connections_.size();
        if (auto done = post(connection, meant_ns); !done) return done;
      }
      if (auto served = serve(kWithoutWaiting); !served) return std::unexpected(served.error());
    }
    Outcome done = await_echoes();
    result_.duration_s = load_.duration_s;
    result_.server_cpu_ns = load_.server_cpu_ns() - server_cpu_ns;
    return done;
  }

  Outcome close() {
    for (Watched& each : connections_) each.echo.finish();
    while (closed_count_ < connections_.size()) {
      const auto served = serve(patience_ms());
      if (!served) return std::unexpected(served.error());
      if (*served == 0) return std::unexpected("the server does not close its connections");
    }
    return {};
  }

  Outcome serve_or_silence() {
    const auto served = serve(patience_ms());
    if (!served) return std::unexpected(served.error());
    return *served == 0 ? silence() : Outcome{};
  }

  Outcome await_echoes() {
    const std::int64_t end_ns = now_ns() + in_ns(load_.patience_s);
    while (due_count_ > 0) {
      if (auto done = serve_or_silence(); !done) return done;
      if (now_ns() > end_ns) return silence();
    }
    return {};
  }

  [[nodiscard]] Outcome silence() const {
    return std::unexpected("after " + std::to_string(patience_ms()) + " ms there are still " +
                           std::to_string(due_count_) + " echoes that have not come");
  }

  [[nodiscard]] int patience_ms() const { return static_cast<int>(load_.patience_s * 1000); }

  /// Waits for events, up to `wait_ms`, and does what they ask for; gives their number.
  std::expected<int, std::string> serve(int wait_ms) {
    if (is_interrupted()) return std::unexpected("interrupted");
    std::array<epoll_event, kEventsMax> events{};
    const int count = ::epoll_wait(epoll_.get(), events.data(), kEventsMax, wait_ms);
    if (count < 0 && errno == EINTR) return 1;
    if (count < 0) return std::unexpected("epoll_wait failed");
    for (const epoll_event& event : std::span(events).first(static_cast<std::size_t>(count))) {
      const auto index = static_cast<std::size_t>(event.data.u64);
      if ((event.events & EPOLLOUT) != 0) {
        if (auto done = send(index); !done) return std::unexpected(done.error());
      }
      if ((event.events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0) {
        if (auto done = receive(index); !done) return std::unexpected(done.error());
      }
    }
    return count;
  }

  Outcome receive(std::size_t index) {
    EchoConnection& echo = connections_[index].echo;
    std::size_t came = 0;
    const auto on_echo = [&](std::int64_t since_ns, std::int64_t came_ns) {
      ++came;
      if (since_ns >= counts_from_ns_) result_.latencies.record(came_ns - since_ns);
    };
    const auto done = echo.receive({buffer_.get(), kReceiveSizeMax}, on_echo);
    if (!done) return done;
    due_count_ -= came;
    if (echo.is_closed()) {
      ++closed_count_;
      ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, echo.descriptor(), nullptr);
      return {};
    }
    for (; refills_ && came > 0; --came) {
      if (auto sent = post(index, now_ns()); !sent) return sent;
    }
    return {};
  }

  Outcome post(std::size_t index, std::int64_t since_ns) {
    connections_[index].echo.queue(since_ns);
    ++due_count_;
    // The rest of the frame before it waits for room.
    return connections_[index].awaits_room ? Outcome{} : send(index);
  }

  Outcome send(std::size_t index) {
    Watched& connection = connections_[index];
    if (auto done = connection.echo.send(); !done) return done;
    if (connection.echo.has_unsent() != connection.awaits_room) {
      connection.awaits_room = !connection.awaits_room;
      watch(EPOLL_CTL_MOD, index, connection.awaits_room ? EPOLLIN | EPOLLOUT : EPOLLIN);
    }
    return {};
  }

  void watch(int operation, std::size_t index, std::uint32_t what) {
    epoll_event event{};
    event.events = what;
    event.data.u64 = index;
    ::epoll_ctl(epoll_.get(), operation, connections_[index].echo.descriptor(), &event);
  }

  struct Watched {
    EchoConnection echo;
    bool awaits_room = false;
  };

  const Load& load_;
  EchoFrame frame_;
  Descriptor epoll_;
  std::vector<Watched> connections_;
  std::unique_ptr<std::byte[]> buffer_ =
      std::make_unique_for_overwrite<std::byte[]>(kReceiveSizeMax);
  std::size_t due_count_ = 0;
  std::size_t closed_count_ = 0;
  bool refills_ = false;
  /// Latencies of frames whose time began then or later are recorded.
  std::int64_t counts_from_ns_ = INT64_MAX;
  LoadResult result_;
};

}  // namespace

std::expected<LoadResult, std::string> put_load(const Load& load) {
  const Dialect& dialect = *load.dialect;
  const bool is_prefix_alone = dialect.header == HeaderKind::kNone && dialect.trailer.empty();
  if (!is_prefix_alone || !encode_prefix(dialect, load.payload_size)) {
    return std::unexpected("no frame of " + std::to_string(load.payload_size) +
                           " bytes behind a prefix alone can be made in " + dialect.name);
  }
  return Generator(load).run();
}

}  // namespace framespec::bench
