#include "cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "framespec/printable.h"
#include "framespec/shortened.h"
#include "report/totals_text.h"
#include "runner/run_result.h"

namespace framespec::conformance {
namespace {

constexpr std::chrono::milliseconds kOnTerminal{100};
constexpr std::chrono::milliseconds kBetweenLooks{500};
constexpr std::chrono::seconds kInLog{10};
// A wait that is worth a word.
constexpr std::chrono::seconds kLongWait{1};
// What the rest takes is not known before so much has been seen of the run.
constexpr std::chrono::seconds kSeenForEstimate{5};
constexpr std::size_t kDoneForEstimate = 20;
// Who waits for longer than this is told how to wait less.
constexpr std::chrono::seconds kLongRun{120};

std::uint64_t whole_seconds(std::chrono::steady_clock::duration time) {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(time).count());
}

std::string clock_time(std::uint64_t seconds) {
  return fmt::format("{}:{:02}", seconds / 60, seconds % 60);
}

std::tuple<std::string, bool, FailureKind> key_of(const PlanResult& result) {
  return {result.case_key, result.role != Role::kVariant, result.attempt.failure->kind};
}

}  // namespace

Progress::Progress(const KnownFailures* known, Detail detail)
    : known_(known),
      detail_(detail),
      is_terminal_(isatty(STDERR_FILENO) == 1),
      style_(Style::of(STDERR_FILENO)) {}

Progress::~Progress() { end(); }

void Progress::dialect_begins(std::string_view name, std::size_t plans) {
  const std::scoped_lock held(lock_);
  dialect_ = name;
  plans_ = plans;
  done_ = 0;
  failed_ = 0;
  missed_ = 0;
  told_.clear();
  current_.clear();
  waited_for_.clear();
  is_long_told_ = false;
  start_ = shown_ = Clock::now();
  if (detail_ == Detail::kQuiet) return;
  if (!is_terminal_) fmt::print(stderr, "{}: {} checks\n", dialect_, plans_);
  if (!mover_.joinable()) {
    mover_ = std::jthread([this](const std::stop_token& stop) { keep_moving(stop); });
  }
}

void Progress::plan_begins(std::string_view id) {
  const std::scoped_lock held(lock_);
  current_ = id;
  waited_for_.clear();
  show(false);
}

void Progress::plan_ended(const PlanResult& result) {
  const std::scoped_lock held(lock_);
  waited_for_.clear();
  // Its name stays until the next one's, or the line would flicker.
  if (++done_ == plans_) current_.clear();
  const bool deviates = is_deviation(result.judgement.verdict);
  if (detail_ == Detail::kVerbose) tell_verdict(result);
  if (deviates &&
      (known_ == nullptr || known_->find(result.id, result.attempt.failure->kind) == nullptr)) {
    ++(result.judgement.verdict == Verdict::kFail ? failed_ : missed_);
    if (detail_ == Detail::kNormal) tell_of(result);
  }
  show(done_ == plans_);
}

void Progress::waits_for(std::string_view what) {
  const std::scoped_lock held(lock_);
  waited_for_ = what;
  waits_since_ = Clock::now();
}

void Progress::end() {
  if (mover_.joinable()) {
    mover_.request_stop();
    mover_.join();
  }
  const std::scoped_lock held(lock_);
  clear();
}

void Progress::keep_moving(const std::stop_token& stop) {
  std::unique_lock held(lock_);
  while (!stop.stop_requested()) {
    stopped_.wait_for(held, stop, kBetweenLooks, [] { return false; });
    if (!stop.stop_requested()) show(false);
  }
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

void Progress::tell_verdict(const PlanResult& result) {
  clear();
  const Attempt& attempt = result.attempt;
  std::string more;
  if (attempt.failure) {
    more = fmt::format("came: {}", printable(attempt.failure->came));
  } else if (!result.judgement.reason.empty()) {
    more = printable(result.judgement.reason);
  } else if (attempt.proof.state == ProofState::kProven) {
    more = fmt::format("{} proven", plural(attempt.proof.segments_proven, "segment"));
  }
  fmt::print(stderr, "{:<12}  {}{}{}\n", name_of(result.judgement.verdict), result.id,
             more.empty() ? "" : "  ", more);
}

void Progress::clear() {
  if (!is_line_shown_) return;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
  is_line_shown_ = false;
}

void Progress::show(bool now) {
  if (detail_ == Detail::kQuiet) return;
  const Clock::time_point time = Clock::now();
  if (!now && time - shown_ < (is_terminal_ ? Clock::duration(kOnTerminal) : kInLog)) return;
  shown_ = time;
  tell_if_long(time);
  std::string line = figures(time);
  if (!is_terminal_) {
    fmt::print(stderr, "{}\n", line);
    return;
  }
  constexpr std::size_t kEllipsis = 3;
  const std::size_t width = std::max<std::size_t>(terminal_width(STDERR_FILENO), 20) - 1;
  if (line.size() > width) line = shortened(line, width - kEllipsis);
  if (failed_ > 0) line = style_.paint(Colour::kRed, line);
  fmt::print(stderr, "\r{}\x1b[K", line);
  std::fflush(stderr);
  is_line_shown_ = true;
}

std::optional<std::chrono::seconds> Progress::time_left(Clock::time_point now) const {
  const auto elapsed = now - start_;
  if (elapsed < kSeenForEstimate || done_ < kDoneForEstimate || done_ >= plans_) return {};
  const double each = std::chrono::duration<double>(elapsed).count() / static_cast<double>(done_);
  return std::chrono::seconds(
      static_cast<std::int64_t>(each * static_cast<double>(plans_ - done_)));
}

void Progress::tell_if_long(Clock::time_point now) {
  const auto left = time_left(now);
  if (is_long_told_ || !left || *left < kLongRun) return;
  is_long_told_ = true;
  clear();
  fmt::print(stderr,
             "{}: at this rate all {} checks take about {} more; shorter: --filter '*/whole/*' "
             "(nothing is cut), or --run-limit S (ends with what was found until then)\n",
             dialect_, plans_, clock_time(whole_seconds(*left)));
}

std::string Progress::figures(Clock::time_point now) const {
  const auto elapsed = now - start_;
  const auto waited = now - waits_since_;
  const bool is_long_wait = !waited_for_.empty() && waited >= kLongWait;
  std::string text = fmt::format("{}: {}/{}, {} failed, ", dialect_, done_, plans_, failed_);
  if (missed_ > 0) text += fmt::format("{} not required, ", missed_);
  text += clock_time(whole_seconds(elapsed));
  // How long a wait will be is not known, nor what comes after it.
  if (const auto left = time_left(now); left && !is_long_wait) {
    text += fmt::format(", about {} left", clock_time(whole_seconds(*left)));
  }
  if (is_long_wait) {
    text += fmt::format("  waiting {} s for {}", whole_seconds(waited), printable(waited_for_));
    if (!current_.empty()) text += fmt::format(" in {}", current_);
  } else if (!current_.empty() && is_terminal_) {
    text += fmt::format("  {}", current_);
  }
  return text;
}

}  // namespace framespec::conformance
