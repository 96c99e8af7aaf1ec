#include "cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "framespec/printable.h"
#include "runner/run_result.h"

namespace framespec::conformance {
namespace {

constexpr std::chrono::milliseconds kOnTerminal{100};
constexpr std::chrono::seconds kInLog{10};

std::string clock_time(double seconds) {
  const auto whole = static_cast<std::uint64_t>(seconds);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

std::tuple<std::string, bool, FailureKind> key_of(const PlanResult& result) {
  return {result.case_key, result.role != Role::kVariant, result.attempt.failure->kind};
}

}  // namespace

Progress::Progress() : is_terminal_(isatty(STDERR_FILENO) == 1), style_(Style::of(STDERR_FILENO)) {}

Progress::~Progress() { clear(); }

void Progress::dialect_begins(std::string_view name, std::size_t plans) {
  dialect_ = name;
  plans_ = plans;
  done_ = 0;
  deviations_ = 0;
  told_.clear();
  start_ = shown_ = Clock::now();
  if (!is_terminal_) fmt::print(stderr, "{}: {} checks\n", dialect_, plans_);
}

void Progress::plan_begins(std::string_view id) {
  current_ = printable(id);
  show(false);
}

void Progress::plan_ended(const PlanResult& result) {
  ++done_;
  if (is_deviation(result.judgement.verdict)) {
    ++deviations_;
    tell_of(result);
  }
  show(done_ == plans_);
}

void Progress::told(const std::string& sentence) {
  if (is_terminal_) {
    current_ = printable(sentence);
    show(true);
    return;
  }
  fmt::print(stderr, "{}\n", printable(sentence));
}

void Progress::tell_of(const PlanResult& result) {
  if (!told_.insert(key_of(result)).second) return;
  clear();
  const bool is_required = result.judgement.verdict == Verdict::kFail;
  const std::string word = is_required
                               ? style_.paint(Colour::kRed, "FAIL")
                               : style_.paint(Colour::kYellow, name_of(result.judgement.verdict));
  fmt::print(stderr, "{}  {}  came: {}\n", word, result.id,
             printable(result.attempt.failure->came));
}

void Progress::clear() {
  if (!is_line_shown_) return;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
  is_line_shown_ = false;
}

void Progress::show(bool now) {
  const Clock::time_point time = Clock::now();
  if (!now && time - shown_ < (is_terminal_ ? Clock::duration(kOnTerminal) : kInLog)) return;
  shown_ = time;
  if (!is_terminal_) {
    fmt::print(stderr, "{}\n", figures());
    return;
  }
  std::string line = figures() + "  " + current_;
  const std::size_t width = std::max<std::size_t>(terminal_width(STDERR_FILENO), 20) - 1;
  if (line.size() > width) line.resize(width);
  if (deviations_ > 0) line = style_.paint(Colour::kRed, line);
  fmt::print(stderr, "\r{}\x1b[K", line);
  std::fflush(stderr);
  is_line_shown_ = true;
}

std::string Progress::figures() const {
  const double elapsed = std::chrono::duration<double>(Clock::now() - start_).count();
  const double rate = elapsed > 0 ? static_cast<double>(done_) / elapsed : 0;
  const double left = rate > 0 ? static_cast<double>(plans_ - std::min(done_, plans_)) / rate : 0;
  return fmt::format("{}: {}/{}, {} failed, {:.0f}/s, {} left", dialect_, done_, plans_,
                     deviations_, rate, clock_time(left));
}

}  // namespace framespec::conformance
