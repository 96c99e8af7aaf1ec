#include "report/recorded_attempts.h"

#include <algorithm>
#include <map>
#include <utility>
#include <variant>

#include "report/recorded_attempt.h"
#include "report/recorded_run.h"
#include "runner/run_log.h"

namespace framespec::conformance {
namespace {

class Attempts {
 public:
  explicit Attempts(const std::set<std::string>& ids) : ids_(ids) {}

  /// Precondition: a RunLog has taken the event, so that what it refers to is there.
  void take(const Event& event) {
    if (const auto* const told = std::get_if<event::Started>(&event.what)) {
      started_ = std::make_shared<const event::Started>(*told);
    }
    if (const auto* const began = std::get_if<event::DialectBegan>(&event.what)) {
      cases_.clear();
      name_ = began->name;
      option_ = began->option;
      first_of_dialect_ = chosen_.size();
    }
    if (const auto* const began = std::get_if<event::CaseBegan>(&event.what)) {
      cases_.insert_or_assign(began->key, *began);
    }
    const auto* const made = std::get_if<event::AttemptMade>(&event.what);
    if (made != nullptr && ids_.contains(made->id)) take(*made, event.at);
  }

  [[nodiscard]] std::vector<RecordedAttempt> chosen() && { return std::move(chosen_); }

 private:
  void take(const event::AttemptMade& made, std::chrono::milliseconds at) {
    const auto before =
        std::find_if(chosen_.begin() + static_cast<std::ptrdiff_t>(first_of_dialect_),
                     chosen_.end(), [&](const auto& each) { return each.made.id == made.id; });
    const bool is_first = before == chosen_.end();
    if (!is_first && (before->made.attempt.failure || !made.attempt.failure)) return;
    const auto dialect = std::ranges::find_if(started_->dialects, [this](const auto& each) {
      return each.option == option_ && each.dialect.name == name_;
    });
    RecordedAttempt attempt{.started = started_,
                            .option = option_,
                            .dialect = dialect->dialect,
                            .facts = cases_.at(made.case_key),
                            .made = made,
                            .ended = at};
    if (is_first) {
      chosen_.push_back(std::move(attempt));
    } else {
      *before = std::move(attempt);
    }
  }

  const std::set<std::string>& ids_;
  std::shared_ptr<const event::Started> started_;
  std::string name_;  ///< of the dialect
  std::string option_;
  std::map<std::string, event::CaseBegan> cases_;
  std::vector<RecordedAttempt> chosen_;
  std::size_t first_of_dialect_ = 0;  ///< in chosen_, of the dialect under way
};

}  // namespace

std::expected<Replay, std::string> RecordedAttempt::replay() const {
  return replay_of(made, *started, dialect, facts);
}

std::expected<std::vector<RecordedAttempt>, std::string> recorded_attempts(
    const std::string& path, const std::set<std::string>& ids) {
  RunLog log;
  Attempts attempts(ids);
  const auto read = read_events(path, [&](const Event& event) {
    auto taken = log.take(event);
    if (taken) attempts.take(event);
    return taken;
  });
  if (!read) return std::unexpected(read.error());
  return std::move(attempts).chosen();
}

}  // namespace framespec::conformance
