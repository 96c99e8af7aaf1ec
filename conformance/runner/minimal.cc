#include "runner/minimal.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <variant>

#include "framespec/segmentation.h"
#include "suite/segmentation_family.h"
#include "suite/suite_case.h"

namespace framespec::conformance {
namespace {

// A single cut has a name of its own, which is also the one in the list of plans.
std::string shortest_name(const Segmentation& cut) {
  if (cut.cuts().size() == 1) return fmt::format("cut_at-{}", cut.cuts().front());
  return cut.explicit_cuts().name();
}

std::string id_with(const PlanEntry& entry, const Plan& plan, const std::string& segmentation) {
  return fmt::format("{}/{}/{}/{}", entry.suite_case->area, plan.dialect->name, segmentation,
                     plan.name);
}

/// Memory and work add up over all segments: fewer cuts only cost less, and no cut is to blame.
bool adds_up(const Attempt& attempt) {
  return attempt.failure && (attempt.failure->kind == FailureKind::kMemory ||
                             attempt.failure->kind == FailureKind::kWork);
}

}  // namespace

const Send* segmented_step(const Plan& plan) {
  for (const Step& step : plan.steps) {
    const Send* const send = std::get_if<Send>(&step.action);
    if (send != nullptr && send->arrival) return send;
  }
  return nullptr;
}

std::optional<MinimalFailure> minimise(const PlanSource& source, const PlanEntry& failing,
                                       const Attempt& attempt,
                                       const std::function<Attempt(const Plan&)>& run,
                                       const std::function<bool()>& is_over) {
  const Plan plan = source.build(failing);
  const Send* const send = segmented_step(plan);
  if (send == nullptr || send->arrival->cuts.empty() || adds_up(attempt)) return std::nullopt;
  const bool is_with_end = send->arrival->is_with_end;
  const auto start = Segmentation::at(send->bytes.size(), send->arrival->cuts);

  const Bytes kept = Bytes(send->bytes).first(std::min(send->bytes.size(), kStreamKeptMax));
  MinimalFailure minimal{.id = failing.id,
                         .segmentation = failing.segmentation,
                         .stream = ByteVector(kept.begin(), kept.end()),
                         .stream_size = send->bytes.size(),
                         .cuts = send->arrival->cuts,
                         .attempt = attempt,
                         .runs = 0,
                         .is_complete = true};
  // Without its last cut it would be the control, which passes, but for the place of the end.
  if (start.cuts().size() == 1 && !is_with_end) return minimal;
  const auto name_of_cut = [&](const Segmentation& cut) {
    return shortest_name(cut) + std::string(is_with_end ? kWithEnd : "");
  };

  const auto still_fails = [&](const Segmentation& candidate) {
    if (candidate.cuts().empty() && !is_with_end) return false;
    if (is_over() || minimal.runs >= kMinimiseRunsMax) {
      minimal.is_complete = false;
      return false;
    }
    auto trial = source.build(id_with(failing, plan, name_of_cut(candidate)));
    if (!trial) return false;
    ++minimal.runs;
    Attempt tried = run(*trial);
    // Another failure is another defect, or chance.
    if (!tried.failure || tried.failure->kind != attempt.failure->kind) return false;
    minimal.attempt = std::move(tried);
    minimal.id = trial->id;
    minimal.segmentation = name_of_cut(candidate);
    return true;
  };
  const Segmentation shrunk = shrink(start, still_fails);
  minimal.cuts.assign(shrunk.cuts().begin(), shrunk.cuts().end());
  return minimal;
}

}  // namespace framespec::conformance
