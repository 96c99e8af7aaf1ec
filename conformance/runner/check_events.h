// Tells of the checks of one dialect as they happen.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "runner/event_stream.h"
#include "runner/run_order.h"
#include "suite/plan.h"

namespace framespec::conformance {

/// In what part of a dialect's run a plan is carried out.
struct Occasion {
  Role role = Role::kVariant;
  event::Look look = event::Look::kFirst;
  std::string case_key;
};

class CheckEvents {
 public:
  /// The stream must outlive it, and so must `known`, which may be null.
  /// `order` where the run has a part of the cases, to tell where its checks belong.
  explicit CheckEvents(EventStream& stream, const KnownFailures* known = nullptr,
                       std::optional<RunOrder> order = std::nullopt)
      : stream_(stream), known_(known), order_(std::move(order)) {}

  /// What is known of a case, the first time that it comes up.
  void begin_case(const std::string& key, const CaseFacts& facts);
  void attempt(const Plan& plan, const Occasion& occasion, const Attempt& attempt,
               std::chrono::microseconds duration);
  /// Also of a check that had another one before.
  void verdict(const PlanResult& result);
  void note(event::Note note) { stream_.tell(std::move(note)); }

 private:
  EventStream& stream_;
  const KnownFailures* known_;
  std::optional<RunOrder> order_;
  std::set<std::string> begun_;                    ///< cases
  std::map<std::string, std::uint64_t> attempts_;  ///< by id
};

}  // namespace framespec::conformance
