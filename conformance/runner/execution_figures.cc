// What a plan looks at in the testee's processes: memory and descriptors, before and after.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "runner/execution.h"
#include "runner/patience.h"
#include "runner/sentinel.h"

namespace framespec::conformance {
namespace {

constexpr int kWarmUpConnections = 4;

std::string mebibytes(std::uint64_t bytes) {
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / (1024.0 * 1024.0));
}

}  // namespace

void Execution::note_figures_before() {
  if (!testee_.is_launched() || testee_.is_client()) return;
  if (has_step<ExpectMemoryGrowth>()) warm_up();
  if (has_step<ExpectDescriptorGrowth>()) {
    descriptors_before_ = descriptors_of(testee_.processes());
  }
}

// A first connection, and a first one beside another, cost what later ones use again: threads with
// their stacks, and 64 MiB of address space for each of the allocator's arenas.
void Execution::warm_up() {
  const auto sentinel = make_sentinel(*plan_.dialect);
  for (int index = 0; sentinel && index < kWarmUpConnections; ++index) {
    const std::string name = fmt::format("warm-up {}", index);
    if (!open(name).is_ok() || !connections_[name]->send(sentinel->send).is_ok()) break;
    if (!connections_[name]->expect(sentinel->answer, 1, 1).is_ok()) break;
  }
  // With the connections there: what each of them costs is no growth either.
  memory_before_ = memory_of(testee_.processes());
  connections_.clear();
}

// It may not be there without a connection, and has no other.
StepResult Execution::warm_up_client() {
  const auto sentinel = make_sentinel(*plan_.dialect);
  if (!sentinel) return StepResult::broken(sentinel.error());
  PlanConnection& main = *connections_["main"];
  StepResult result = main.send(sentinel->send);
  if (result.is_ok()) result = main.expect(sentinel->answer, 1, 1);
  memory_before_ = memory_of(testee_.processes());
  return result;
}

StepResult Execution::expect_memory(const ExpectMemoryGrowth& expected) {
  if (!testee_.is_launched()) {
    return StepResult::unobservable("it watches the testee's memory, which needs --launch");
  }
  // What was sent is taken, and perhaps not worked on yet.
  let_settle(testee_, options_.time_limit, options_.cancelled);
  const ProcessMemories after = memory_of(testee_.processes());
  if (memory_before_.empty() || after.empty()) {
    return StepResult::unobservable("the testee's memory cannot be read from /proc");
  }
  const MemoryGrowth growth = growth_between(memory_before_, after);
  if ((expected.only_in_use ? growth.in_use : growth.bytes()) <= expected.bytes_max) return {};
  return StepResult::failed(
      FailureKind::kMemory,
      fmt::format("the testee's memory to grow by at most {}", mebibytes(expected.bytes_max)),
      fmt::format("growth by {} of its address space and {} in use",
                  mebibytes(growth.in_address_space), mebibytes(growth.in_use)));
}

StepResult Execution::expect_descriptors(const ExpectDescriptorGrowth& expected) {
  if (!testee_.is_launched()) {
    return StepResult::unobservable("it watches the testee's descriptors, which needs --launch");
  }
  close_all();
  testee_.waits_for("the testee to close its descriptors");
  Patience patience(testee_, options_.limits);
  for (;;) {
    const auto now = descriptors_of(testee_.processes());
    if (!descriptors_before_ || !now) {
      return StepResult::unobservable("the testee's descriptors cannot be read from /proc");
    }
    if (*now <= *descriptors_before_ + expected.extra_max) {
      slowest_.asleep = std::max(slowest_.asleep, patience.silence().asleep);
      return {};
    }
    if (options_.cancelled != nullptr && options_.cancelled->load()) return StepResult::cancelled();
    if (patience.is_over()) {
      attempt_.hung_for = patience.waited();
      return StepResult::of(
          {.kind = FailureKind::kDescriptors,
           .expected = fmt::format("at most {} descriptors, once all connections have ended",
                                   *descriptors_before_ + expected.extra_max),
           .came = fmt::format("{} still open, {} before", *now, *descriptors_before_),
           .at_sentinel = false});
    }
    // The kernel tells nobody when a process closes a descriptor.
    static_cast<void>(testee_.died(std::chrono::milliseconds(2)));
  }
}

}  // namespace framespec::conformance
