// Which commit changed how many instructions a benchmark takes.
#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace framespec::bench {

struct CountedCommit {
  std::string id;
  /// The first line of its message.
  std::string subject;
  /// An iteration; none if it could not be built or counted.
  std::optional<double> instructions;
  /// Why not.
  std::string why = {};
};

struct BisectOptions {
  /// A revision before the change, and one behind it, as git knows them where this process stands.
  std::string good;
  std::string bad;
  /// A name, or "PROGRAM: NAME".
  std::string benchmark;
  /// Run by the shell in a worktree.
  std::string build_command;
  /// The smallest change that is worth a search, as a fraction.
  double effect = 0.005;
  /// Called for each commit, when it has been looked at.
  std::function<void(const CountedCommit&)> on_commit = {};
};

struct Bisection {
  CountedCommit good;
  CountedCommit bad;
  /// The commit that made the change; several where those between them could not be looked at,
  /// oldest first.
  std::vector<CountedCommit> suspects;
  /// That the suspect stands on; `good` where that was not looked at.
  CountedCommit before;
};

/// git bisect in a worktree that is removed at the end, also after an interruption. A commit counts
/// as bad if it takes more instructions than the middle between `good` and `bad` (or fewer, if
/// `bad` takes fewer); one that cannot be built or counted is skipped. The error is a sentence: one
/// of the ends cannot be counted, they hardly differ, or the user interrupted.
std::expected<Bisection, std::string> bisect(const BisectOptions& options);

}  // namespace framespec::bench
