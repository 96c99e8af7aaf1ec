#include "progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "framespec/printable.h"
#include "write_all.h"

namespace framespec::client {

namespace {

constexpr std::chrono::milliseconds kRedrawInterval{150};
// Weight of the newest interval in the rate: about the last second counts.
constexpr double kNewestWeight = 0.2;
constexpr std::size_t kBarWidthMax = 30;
constexpr std::size_t kBarWidthMin = 8;
constexpr std::size_t kNameWidthMin = 8;

std::string remaining_time(const ProgressState& state) {
  if (state.bytes_per_second < 1) return "stalled";
  const double left = static_cast<double>(state.total_bytes - state.done_bytes);
  const double seconds = std::ceil(left / state.bytes_per_second);
  constexpr double kTooLong_s = 100.0 * 3600;
  if (seconds >= kTooLong_s) return "ETA > 99 h";
  const auto whole = static_cast<std::uint64_t>(seconds);
  const std::uint64_t minutes = whole / 60;
  return minutes < 60 ? fmt::format("ETA {}:{:02}", minutes, whole % 60)
                      : fmt::format("ETA {}:{:02}:{:02}", minutes / 60, minutes % 60, whole % 60);
}

std::string shown_name(const std::string& name, std::size_t width) {
  const std::string shown = printable(name);
  if (shown.size() <= width) return shown;
  // Half a character may be a control to a terminal.
  std::size_t start = shown.size() - (width - 3);
  while (start < shown.size() && (static_cast<unsigned char>(shown[start]) & 0xC0U) == 0x80)
    ++start;
  return "..." + shown.substr(start);
}

std::size_t terminal_width() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

void write_to_terminal(std::string_view text) {
  // A terminal that is gone is no reason to end a transfer.
  [[maybe_unused]] const auto ignored = write_all(STDERR_FILENO, as_bytes(text));
}

}  // namespace

std::string readable_size(double bytes) {
  static constexpr std::array<const char*, 5> kUnits{"B", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  while (bytes >= 1024 && unit + 1 < kUnits.size()) {
    bytes /= 1024;
    ++unit;
  }
  return unit == 0 ? fmt::format("{:.0f} B", bytes) : fmt::format("{:.1f} {}", bytes, kUnits[unit]);
}

std::string progress_line(const ProgressState& state, std::size_t width) {
  const double share = state.total_bytes == 0 ? 1.0
                                              : static_cast<double>(state.done_bytes) /
                                                    static_cast<double>(state.total_bytes);
  const std::string percent = fmt::format("{:3.0f}%", std::floor(share * 100));
  const std::string figures =
      fmt::format("{}/{}  {}/s  {}", readable_size(static_cast<double>(state.done_bytes)),
                  readable_size(static_cast<double>(state.total_bytes)),
                  readable_size(state.bytes_per_second), remaining_time(state));
  const std::size_t fixed = percent.size() + figures.size() + 4;
  // One column stays free, as a full line makes some terminals scroll.
  const std::size_t room = width > fixed + 1 ? width - fixed - 1 : 0;
  if (room < kNameWidthMin) return fmt::format("{}  {}", percent, figures).substr(0, width);
  const std::size_t bar_space = kBarWidthMin + 4;
  const bool has_bar = room >= kNameWidthMin + bar_space;
  const std::string name = shown_name(state.name, has_bar ? room - bar_space : room);
  if (!has_bar) return fmt::format("{} {}  {}", name, percent, figures);
  const std::size_t bar_width = std::min(kBarWidthMax, room - name.size() - 4);
  const auto filled = static_cast<std::size_t>(share * static_cast<double>(bar_width));
  return fmt::format("{} {} [{}{}]  {}", name, percent, std::string(filled, '#'),
                     std::string(bar_width - filled, '-'), figures);
}

struct Progress::Drawing : std::enable_shared_from_this<Drawing> {
  Drawing(const asio::any_io_executor& executor, std::string name, std::uint64_t total_bytes)
      : timer(executor), state{std::move(name), 0, total_bytes, 0} {}

  void wait() {
    timer->expires_after(kRedrawInterval);
    timer->async_wait([self = shared_from_this()](const std::error_code& error) {
      if (error || self->finished) return;
      self->draw();
      self->wait();
    });
  }

  void draw() {
    const Clock::time_point now = Clock::now();
    const double elapsed_s = std::chrono::duration<double>(now - measured_at).count();
    if (elapsed_s > 0) {
      const double newest = static_cast<double>(state.done_bytes - measured_bytes) / elapsed_s;
      state.bytes_per_second =
          drawn ? state.bytes_per_second * (1 - kNewestWeight) + newest * kNewestWeight : newest;
    }
    measured_at = now;
    measured_bytes = state.done_bytes;
    drawn = true;
    write_to_terminal("\r\x1b[K" + progress_line(state, terminal_width()));
  }

  std::optional<asio::steady_timer> timer;  // none once nothing is drawn any more
  ProgressState state;
  Clock::time_point measured_at = Clock::now();
  std::uint64_t measured_bytes = 0;
  bool drawn = false;
  bool finished = false;
};

Progress::Progress(const asio::any_io_executor& executor, const Console& console, std::string name,
                   std::uint64_t total_bytes) {
  if (!console.can_draw()) return;
  drawing_ = std::make_shared<Drawing>(executor, std::move(name), total_bytes);
  drawing_->wait();
}

Progress::~Progress() { finish(); }

void Progress::add(std::uint64_t bytes) noexcept {
  if (drawing_) drawing_->state.done_bytes += bytes;
}

void Progress::finish() {
  if (!drawing_) return;
  drawing_->finished = true;
  drawing_->timer.reset();
  if (drawing_->drawn) write_to_terminal("\r\x1b[K");
  drawing_.reset();
}

}  // namespace framespec::client
