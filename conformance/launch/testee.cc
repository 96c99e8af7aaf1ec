#include "launch/testee.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "os/processes.h"

namespace framespec::conformance {
namespace {

constexpr std::size_t kNamespacesMax = 64;
// From the closing of its descriptors to the end of a process it is not far.
constexpr std::chrono::milliseconds kEnding{2000};
constexpr std::string_view kItsEnd = "the testee to end";

}  // namespace

std::string_view name_of(TesteeProblem::Kind kind) noexcept {
  switch (kind) {
    case TesteeProblem::Kind::kUnimplemented:
      return "unimplemented";
    case TesteeProblem::Kind::kUnusable:
      return "unusable";
    case TesteeProblem::Kind::kCancelled:
      return "cancelled";
  }
  return "?";
}

void Testee::begin_with(LaunchedProcess process) {
  process_ = std::move(process);
  core_.clear();
  is_ready_ = false;
}

void Testee::note_ready() {
  was_reached_ = true;
  if (!is_launched_) return;
  is_ready_ = true;
  core_ = processes();
}

TesteeProblem Testee::problem_at_start(const std::string& reason, const std::string& dialect) {
  TesteeProblem problem{.kind = TesteeProblem::Kind::kUnusable, .reason = reason, .output = {}};
  if (!process_) return problem;
  if (const auto end = process_->ended()) {
    problem.end = end;
    process_->output().wait_for_end();
    // One that has served the dialect before does not decline it any more.
    if (*end == ProcessEnd{.status = kExitUnimplemented, .signal = 0} && !was_reached_) {
      problem.kind = TesteeProblem::Kind::kUnimplemented;
      problem.reason = fmt::format("the testee does not implement dialect {} (exit status {})",
                                   dialect, kExitUnimplemented);
    }
  }
  problem.output = process_->output().since_mark();
  stop();
  return problem;
}

std::vector<pid_t> Testee::processes() const {
  if (!process_) return {};
  std::vector<pid_t> all = os::descendants_of(process_->guard_pid());
  std::erase(all, process_->guard_pid());
  return all;
}

std::optional<ProcessEnd> Testee::died(std::chrono::milliseconds wait) {
  if (!process_) return std::nullopt;
  return process_->ended(wait);
}

std::optional<ProcessEnd> Testee::died_if_ending() {
  if (!process_) return std::nullopt;
  const auto gone = std::ranges::partition(core_, [](pid_t pid) { return !os::is_ending(pid); });
  if (!gone.empty()) waits_for(kItsEnd);
  const auto end = died(gone.empty() ? std::chrono::milliseconds(0) : kEnding);
  // One that has ended while the testee goes on was not part of it, and is waited for only once.
  core_.erase(gone.begin(), gone.end());
  return end;
}

void Testee::note_death() {
  if (!process_ || !is_ready_ || ends_with_connection()) return;
  const auto end = process_->ended();
  if (!end) return;
  deaths_.push_back(*end);
  has_left_others_ = !processes().empty();
}

void Testee::stop() {
  note_death();
  if (process_) waits_for(kItsEnd);
  if (process_ && !process_->stop()) had_to_be_killed_ = true;
  forget_process();
}

void Testee::kill() {
  note_death();
  if (process_) process_->stop(std::chrono::milliseconds(0));
  forget_process();
}

std::optional<SocketOwner> Testee::owner_of_socket(std::uint64_t inode) const {
  return find_socket_owner(inode, process_ ? process_->guard_pid() : 0);
}

NetworkNamespaces Testee::network_namespaces() const {
  return other_network_namespaces(
      process_ ? os::descendants_of(process_->guard_pid()) : os::all_processes(), kNamespacesMax);
}

void Testee::mark_output() {
  if (process_) process_->output().mark();
}

std::string Testee::output_since_mark() {
  return process_ ? process_->output().since_mark() : std::string();
}

}  // namespace framespec::conformance
