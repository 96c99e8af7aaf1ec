#include "reading.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>
#include <thread>
#include <vector>

#include "listener.h"

namespace framespec::counting_reader {
namespace {

std::vector<unsigned char>& buffer() {
  thread_local std::vector<unsigned char> bytes(1U << 20);
  return bytes;
}

/// One receive call, noted. False at the end of the stream.
bool read_once(int fd, std::size_t size_max, Tally& tally) {
  ssize_t count = 0;
  do {
    count = ::recv(fd, buffer().data(), std::min(size_max, buffer().size()), 0);
  } while (count < 0 && errno == EINTR);
  if (count <= 0) {
    tally.end = count == 0 ? "fin" : "reset";
    return false;
  }
  const auto size = static_cast<std::size_t>(count);
  ++tally.reads_by_size[size];
  tally.bytes += size;
  for (std::size_t index = 0; index < size; ++index) {
    tally.hash = (tally.hash ^ buffer()[index]) * 1099511628211ULL;
  }
  return true;
}

void read_blocking(int fd, std::uint64_t size_max, Tally& tally) {
  while (read_once(fd, size_max, tally)) {
  }
}

/// Level-triggered: one read for each event, as most event loops do.
void read_epoll(std::span<const int> fds, Tally& tally) {
  const int poller = ::epoll_create1(0);
  if (poller < 0) die("epoll");
  for (const int fd : fds) {
    epoll_event wanted{};
    wanted.events = EPOLLIN | EPOLLRDHUP;
    wanted.data.fd = fd;
    ::fcntl(fd, F_SETFL, O_NONBLOCK);
    if (::epoll_ctl(poller, EPOLL_CTL_ADD, fd, &wanted) != 0) die("epoll");
  }
  for (std::size_t open = fds.size(); open > 0;) {
    std::array<epoll_event, 64> events{};
    const int ready = ::epoll_wait(poller, events.data(), static_cast<int>(events.size()), -1);
    if (ready < 0 && errno != EINTR) die("epoll_wait");
    for (int index = 0; index < ready; ++index) {
      const epoll_event& event = events.at(static_cast<std::size_t>(index));
      const std::uint64_t before = tally.bytes;
      if (!read_once(event.data.fd, buffer().size(), tally)) {
        ::epoll_ctl(poller, EPOLL_CTL_DEL, event.data.fd, nullptr);
        --open;
      }
      if ((event.events & EPOLLRDHUP) != 0 && tally.bytes > before) ++tally.ends_with_data;
    }
  }
  ::close(poller);
}

void echo(int fd, Tally& tally) {
  for (;;) {
    const std::uint64_t before = tally.bytes;
    if (!read_once(fd, buffer().size(), tally)) return;
    const std::size_t size = static_cast<std::size_t>(tally.bytes - before);
    for (std::size_t sent = 0; sent < size;) {
      const ssize_t count = ::send(fd, buffer().data() + sent, size - sent, MSG_NOSIGNAL);
      if (count < 0) return;
      sent += static_cast<std::size_t>(count);
    }
  }
}

/// Looks at the bytes again and again and leaves them where they are, until the connection ends.
void peek(int fd, Tally& tally) {
  for (;;) {
    const ssize_t count = ::recv(fd, buffer().data(), buffer().size(), MSG_PEEK);
    if (count <= 0) {
      tally.end = count == 0 ? "fin" : "reset";
      return;
    }
    pollfd entry{fd, POLLRDHUP, 0};
    if (::poll(&entry, 1, 1) > 0) return;
  }
}

/// Takes nothing until `amount` bytes are there, and then all of them at once.
void read_when_whole(int fd, std::uint64_t amount, Tally& tally) {
  for (;;) {
    const std::size_t size = std::min<std::size_t>(amount, buffer().size());
    const ssize_t count = ::recv(fd, buffer().data(), size, MSG_PEEK);
    if (count <= 0) return;
    if (static_cast<std::size_t>(count) == size) {
      if (!read_once(fd, size, tally)) return;
      continue;
    }
    // AF_UNIX does not wait for more when it is asked to peek; POLLIN would be true at once.
    pollfd entry{fd, POLLRDHUP, 0};
    if (::poll(&entry, 1, 1) > 0) return;
  }
}

/// Lets the kernel tell it of bytes only when there are `amount` of them, or the end; and when that
/// takes longer than `patience_ms` (-1: for ever), of any.
void read_above_low_water(int fd, std::uint64_t amount, int patience_ms, Tally& tally) {
  const auto set_mark = [fd](int mark) {
    ::setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &mark, sizeof mark);
  };
  do {
    set_mark(static_cast<int>(amount));
    pollfd entry{fd, POLLIN, 0};
    if (::poll(&entry, 1, patience_ms) == 0) {
      set_mark(1);
      ::poll(&entry, 1, -1);
    }
  } while (read_once(fd, amount, tally));
}

void read_amount(int fd, std::uint64_t amount, Tally& tally) {
  while (tally.bytes < amount && read_once(fd, amount - tally.bytes, tally)) {
  }
}

void wait_for_end(int fd) {
  // POLLIN would be true at once: only the end of the connection counts.
  pollfd entry{fd, POLLRDHUP, 0};
  ::poll(&entry, 1, -1);
}

void wait_for_unread(int fd) {
  pollfd entry{fd, POLLIN, 0};
  ::poll(&entry, 1, -1);
}

}  // namespace

bool read_in_mode(const std::string& mode, int fd, std::uint64_t amount, Tally& tally) {
  if (mode == "blocking") {
    read_blocking(fd, amount == 0 ? buffer().size() : amount, tally);
  } else if (mode == "epoll") {
    read_epoll(std::span(&fd, 1), tally);
  } else if (mode == "echo") {
    echo(fd, tally);
  } else if (mode == "peek") {
    peek(fd, tally);
  } else if (mode == "whole") {  // leaves bytes in its queue until `amount` of them are there
    read_when_whole(fd, amount, tally);
  } else if (mode == "low_water") {
    read_above_low_water(fd, amount, -1, tally);
  } else if (mode == "low_water_for_a_while") {
    read_above_low_water(fd, amount, 20, tally);
  } else if (mode == "stop") {  // reads `amount` bytes, and no more as long as the connection lives
    read_amount(fd, amount, tally);
    wait_for_end(fd);
  } else if (mode == "close") {  // reads `amount` bytes and closes
    read_amount(fd, amount, tally);
  } else if (mode == "close_unread") {  // the same with bytes left in the queue: that makes RST
    read_amount(fd, amount, tally);
    wait_for_unread(fd);
  } else if (mode == "reset") {
    read_amount(fd, amount, tally);
    const linger at_once{1, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  } else if (mode == "half_close") {  // sends the end of its side first, and reads on
    ::shutdown(fd, SHUT_WR);
    read_blocking(fd, buffer().size(), tally);
  } else if (mode == "half_close_then_close") {
    ::shutdown(fd, SHUT_WR);
    read_amount(fd, amount, tally);
  } else {
    return false;
  }
  return true;
}

bool read_side_by_side(const std::string& mode, std::span<const int> fds, Tally& tally) {
  if (mode == "epoll") {
    read_epoll(fds, tally);
    return true;
  }
  std::vector<Tally> tallies(fds.size());
  {
    std::vector<std::jthread> threads;
    threads.reserve(fds.size());
    for (std::size_t index = 0; index < fds.size(); ++index) {
      threads.emplace_back(
          [&, index] { read_blocking(fds[index], buffer().size(), tallies[index]); });
    }
  }
  for (const Tally& one : tallies) {
    for (const auto& [size, count] : one.reads_by_size) tally.reads_by_size[size] += count;
    tally.bytes += one.bytes;
    tally.end = one.end;
  }
  return mode == "blocking";
}

}  // namespace framespec::counting_reader
