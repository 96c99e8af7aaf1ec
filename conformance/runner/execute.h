// Carries out one plan on a testee.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <vector>

#include "delivery/other_namespaces.h"
#include "launch/testee.h"
#include "runner/observation.h"
#include "runner/patience.h"
#include "runner/verdict.h"
#include "suite/plan.h"

namespace framespec::conformance {

struct ExecuteOptions {
  /// How long a testee may be silent at the most (--time-limit).
  std::chrono::milliseconds time_limit{5000};
  /// How long it may be silent in this execution before it is held to hang.
  WaitLimits limits{.asleep = std::chrono::seconds(5),
                    .at_work = std::chrono::seconds(5),
                    .at_all = std::chrono::seconds(30)};
  /// How long a segment may stay in the testee's queue before more is sent; see PlanConnection.
  std::chrono::milliseconds unread_limit{5000};
  /// Exit status 89 says that the testee does not implement the dialect; later it is a death like
  /// any other, or a testee could buy itself off any case with it. Likewise status 0 says that it
  /// went into the background, where it leaves a process behind. That a server ends behind right
  /// answers is not held against them: whether it serves again is for the caller to see.
  bool may_decline = false;
  /// Find out who takes what is sent (Attempt::taker): reads /proc, so not for every plan.
  bool name_taker = false;
  /// DelivererOptions::namespaces; null: only ours.
  delivery::OtherNamespaces* namespaces = nullptr;
  /// Deliver without proof, with this pause between segments (--pace).
  std::optional<std::chrono::microseconds> pace{};
  /// Where and in which form answers come.
  Observation observed{};
  /// What ExpectAnswer and ExpectClosed come to is learnt, and not judged.
  bool learns = false;
  /// What a service says behind its last answer is waited for as long as for the control's quiet.
  bool listens_on = false;
  /// What the user knows of its answers (--mask).
  std::vector<Mask> masks{};
  /// Run by /bin/sh before each conversation with a service, to reset its state (--before-each).
  std::string before_each{};
  /// Of a service, once it is learnt: the unsplit conversation, which a fresh connection must carry
  /// behind a plan that ends its own one before its time.
  const std::vector<Step>* conversation = nullptr;
  const std::atomic<bool>* cancelled = nullptr;
};

/// Runs the steps of `plan` on fresh connections, then the sentinel, then closes everything. The
/// testee must be ready; afterwards it may have died: that is in the attempt, and it is not started
/// again.
[[nodiscard]] Attempt execute(const Plan& plan, Testee& testee, const ExecuteOptions& options);

}  // namespace framespec::conformance
