// The ways in which the counting reader treats its connection.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>

namespace framespec::counting_reader {

/// What the reader saw.
struct Tally {
  std::map<std::uint64_t, std::uint64_t> reads_by_size;
  std::uint64_t bytes = 0;
  std::uint64_t hash = 14695981039346656037ULL;  ///< FNV-1a of all bytes, in order
  std::uint64_t ends_with_data =
      0;                     ///< events that said "data" and "end of stream" together (epoll)
  std::string end = "none";  ///< "fin", "reset", or "none" when the reader left first
};

/// Treats the connection in the way called `mode` until it is over. `amount` is for the modes that
/// stop after so many bytes. False when there is no such mode.
bool read_in_mode(const std::string& mode, int fd, std::uint64_t amount, Tally& tally);

/// Reads several connections until all are over: "epoll" in one loop, "blocking" with a thread for
/// each. The tally is that of all of them; only of "epoll" has it a hash, of bytes as they came.
bool read_side_by_side(const std::string& mode, std::span<const int> fds, Tally& tally);

}  // namespace framespec::counting_reader
