// How far a transfer has come, on one line of a terminal.
#pragma once

#include <asio/any_io_executor.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "console.h"

namespace framespec::client {

/// What a progress line shows.
struct ProgressState {
  std::string name;
  std::uint64_t done_bytes = 0;
  std::uint64_t total_bytes = 0;
  double bytes_per_second = 0;  ///< of late; 0 is "stalled"
};

/// "film.mkv  45% [#########-----------]  0.9/2.0 GiB  512.0 MiB/s  ETA 0:02" in at most `width`
/// columns: the name is shortened, then the bar left out.
std::string progress_line(const ProgressState& state, std::size_t width);

/// "17 B", "1.5 KiB", "2.0 GiB"
std::string readable_size(double bytes);

/// Draws the line again and again, also while nothing arrives, and wipes it away in the end. Draws
/// nothing at all where the console cannot.
class Progress {
 public:
  using Clock = std::chrono::steady_clock;

  Progress(const asio::any_io_executor& executor, const Console& console, std::string name,
           std::uint64_t total_bytes);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// So many bytes more have arrived.
  void add(std::uint64_t bytes) noexcept;

  /// Wipes the line away; from here on nothing is drawn.
  void finish();

 private:
  struct Drawing;
  std::shared_ptr<Drawing>
      drawing_;  // shared with the timer's handler; null where nothing is drawn
};

}  // namespace framespec::client
