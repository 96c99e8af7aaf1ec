// framespec-misdelivery [SEGMENTS [WHERE]]
// framespec-misdelivery SEGMENTS READER CONNECTIONS
//
// The first sends one-byte segments in every way that people use, and lets another process count
// how many of them it really read alone. Prints a table: what docs/proven-delivery.md is about. The
// second sends so many segments with proof, on several connections to one reader: "blocking",
// "epoll", "asyncio", or a command as for counting_reader::ReaderProcess. Exit code 1 where not
// each of them was proven and read alone: ci/exactness.
#include <linux/inet_diag.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <expected>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "delivery/counting_reader/reader_process.h"
#include "delivery/deliver.h"
#include "os/diag_socket.h"
#include "os/side_by_side.h"

namespace {

using framespec::counting_reader::BusyProcesses;
using framespec::counting_reader::Connections;
using framespec::counting_reader::ReaderProcess;
using framespec::delivery::Deliverer;
using framespec::delivery::PeerProbe;
using framespec::os::DiagSocket;

/// Waits in its own way until the next of `sent` segments may leave.
using Wait = std::function<void(std::uint64_t sent)>;

void send_with(const Wait& wait, int fd, std::uint64_t count) {
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  for (std::uint64_t sent = 1; sent <= count; ++sent) {
    const char byte = 'x';
    if (::send(fd, &byte, 1, MSG_NOSIGNAL) != 1) return;
    wait(sent);
  }
}

void sleep_ns(long duration_ns) {
  const timespec time{0, duration_ns};
  ::nanosleep(&time, nullptr);
}

/// Looks at the queue alone, as `ss` does: without INET_DIAG_INFO the kernel answers without the
/// socket's lock, even while the reader's receive call is still at work. IPv4.
class QueueOnly {
 public:
  explicit QueueOnly(int fd) : diag_(DiagSocket::open()) {
    sockaddr_in ours{};
    sockaddr_in peer{};
    socklen_t size = sizeof ours;
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&ours), &size);
    ::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size);
    request_.sdiag_family = AF_INET;
    request_.sdiag_protocol = IPPROTO_TCP;
    request_.idiag_states = ~0U;
    request_.id.idiag_sport = peer.sin_port;
    request_.id.idiag_dport = ours.sin_port;
    request_.id.idiag_src[0] = peer.sin_addr.s_addr;
    request_.id.idiag_dst[0] = ours.sin_addr.s_addr;
    request_.id.idiag_cookie[0] = request_.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  }

  bool is_empty() {
    if (!diag_) return true;
    const auto body = diag_->ask(std::as_bytes(std::span(&request_, 1)));
    inet_diag_msg answer{};
    if (!body || body->size() < sizeof answer) return true;
    std::memcpy(&answer, body->data(), sizeof answer);
    return answer.idiag_rqueue == 0;
  }

 private:
  std::expected<DiagSocket, std::string> diag_;
  inet_diag_req_v2 request_{};
};

void send_in_way(const std::string& way, ReaderProcess& reader, std::uint64_t count) {
  if (way == "proof") {
    Deliverer deliverer(reader.fd());
    const framespec::ByteVector stream(count);
    std::vector<std::uint64_t> cuts;
    for (std::uint64_t cut = 1; cut < count; ++cut) cuts.push_back(cut);
    const auto delivery =
        deliverer.split(stream, cuts, std::chrono::steady_clock::now() + std::chrono::minutes(10));
    if (!delivery.reason.empty()) std::printf("%s\n", delivery.reason.c_str());
    return;
  }
  if (way == "TCP_NODELAY alone") return send_with([](std::uint64_t) {}, reader.fd(), count);
  if (way == "sleep of 10 us") {
    return send_with([](std::uint64_t) { sleep_ns(10'000); }, reader.fd(), count);
  }
  if (way == "SIOCOUTQ is 0") {
    return send_with(
        [&](std::uint64_t) {
          for (int queued = 1; queued > 0;) ::ioctl(reader.fd(), SIOCOUTQ, &queued);
        },
        reader.fd(), count);
  }
  if (way == "queue is 0, no lock") {
    QueueOnly queue(reader.fd());
    return send_with(
        [&](std::uint64_t) {
          while (!queue.is_empty()) {
          }
        },
        reader.fd(), count);
  }
  auto probe = PeerProbe::open(reader.fd());
  if (!probe) {
    std::printf("%s\n", probe.error().reason.c_str());
    return;
  }
  if (way == "queue is 0, locked") {
    send_with(
        [&](std::uint64_t) {
          for (auto now = probe->look(); now && now->bytes_queued > 0;) now = probe->look();
        },
        reader.fd(), count);
  } else {
    send_with(
        [&](std::uint64_t sent) {
          auto now = probe->look();
          while (now && (now->bytes_queued > 0 || now->bytes_received < sent)) now = probe->look();
        },
        reader.fd(), count);
  }
}

void measure(const std::string& where, const std::string& way, std::uint64_t count, int busy) {
  const BusyProcesses neighbours(busy);
  ReaderProcess reader(where, "blocking");
  const auto begin = std::chrono::steady_clock::now();
  send_in_way(way, reader, count);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  const auto report = reader.finish();
  const auto found = report.reads_by_size.find(1);
  const std::uint64_t alone = found == report.reads_by_size.end() ? 0 : found->second;
  const double wrong = static_cast<double>(count - alone);
  std::printf("| %-22s | %4d | %9.0f | %10.4f %% | %9.0f |\n", way.c_str(), busy, wrong,
              100.0 * wrong / static_cast<double>(count),
              static_cast<double>(count) / took.count());
  std::fflush(stdout);
}

/// Whether all were proven, and each was read alone.
bool measure_side_by_side(const std::string& mode, std::uint64_t count, std::size_t connections,
                          int busy) {
  const BusyProcesses neighbours(busy);
  ReaderProcess reader("ipv4", mode, Connections{connections});
  const framespec::ByteVector stream(count / connections);
  std::vector<std::uint64_t> cuts;
  for (std::uint64_t cut = 1; cut < stream.size(); ++cut) cuts.push_back(cut);
  std::uint64_t proven = 0;
  std::vector<std::function<void()>> tasks;
  tasks.reserve(connections);
  for (const int fd : reader.fds()) {
    tasks.emplace_back([&, fd] {
      const auto deadline = std::chrono::steady_clock::now() + std::chrono::hours(1);
      proven += Deliverer(fd).split(stream, cuts, deadline).segments_proven;
    });
  }
  const auto begin = std::chrono::steady_clock::now();
  framespec::os::run_side_by_side(connections, tasks);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  const auto report = reader.finish();
  std::printf("%d busy: %llu proven, %llu not alone, %.0f a second\n", busy,
              static_cast<unsigned long long>(proven),
              static_cast<unsigned long long>(report.reads_not_of(1)),
              static_cast<double>(proven) / took.count());
  std::fflush(stdout);
  return proven == stream.size() * connections && report.reads() == proven &&
         report.reads_not_of(1) == 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100'000;
  if (argc > 3) {
    bool is_exact = true;
    for (const int busy : {0, 2}) {
      is_exact &= measure_side_by_side(argv[2], count, std::strtoull(argv[3], nullptr, 10), busy);
    }
    return is_exact ? 0 : 1;
  }
  const std::string where = argc > 2 ? argv[2] : "ipv4";
  std::vector<std::string> ways{"TCP_NODELAY alone", "sleep of 10 us"};
  if (where == "unix") {
    ways.emplace_back("SIOCOUTQ is 0");
  } else {
    if (where == "ipv4") ways.emplace_back("queue is 0, no lock");
    ways.emplace_back("queue is 0, locked");
    ways.emplace_back("both in one answer");
  }
  ways.emplace_back("proof");
  std::printf("%llu one-byte segments to a blocking reader, %s\n",
              static_cast<unsigned long long>(count), where.c_str());
  std::printf("| wait before the next    | busy | not alone | of all       | per s     |\n");
  for (const int busy : {0, 2}) {
    for (const std::string& way : ways) measure(where, way, count, busy);
  }
  return 0;
}
