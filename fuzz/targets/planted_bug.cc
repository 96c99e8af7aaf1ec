// The negative target: a deframer with a planted bug, which the oracle must find. ci/fuzz fails if
// it does not.
//
// FRAMESPEC_PLANTED_BUG chooses the bug by name; prefix_cut_after_third if it is not set.
#include <cstdio>
#include <cstdlib>

#include "input/stream_input.h"
#include "oracles/invariance.h"
#include "planted/planted_deframer.h"
#include "reference_model.h"
#include "target.h"

namespace framespec::fuzz {
namespace {

PlantedBug chosen_bug() {
  // There is one thread only. NOLINTNEXTLINE(concurrency-mt-unsafe)
  const char* const name = std::getenv("FRAMESPEC_PLANTED_BUG");
  if (name == nullptr) return PlantedBug::kPrefixCutAfterThird;
  if (const auto bug = planted_bug_named(name)) return *bug;
  std::fprintf(stderr, "FRAMESPEC_PLANTED_BUG: there is no bug called '%s'; there are:", name);
  for (const NamedBug& bug : planted_bugs()) {
    std::fprintf(stderr, " %.*s", static_cast<int>(bug.name.size()), bug.name.data());
  }
  std::fprintf(stderr, "\n");
  std::exit(2);  // NOLINT(concurrency-mt-unsafe): one thread
}

}  // namespace

void run_input(Bytes input) {
  static const PlantedBug bug = chosen_bug();
  const StreamInput stream = parse_stream_input(input);
  const Transcript model = model::transcript_of(stream.dialect, stream.wire, stream.digest);
  const auto planted = [&](Bytes wire, const Segmentation& segmentation) {
    return transcribe_planted(bug, stream.dialect, wire, segmentation, stream.digest);
  };
  if (const Violation bad = check_invariance(stream, model, "the planted deframer", planted)) {
    report_finding(*bad, input);
  }
}

std::string explain_input(Bytes input) { return explain(parse_stream_input(input)); }

}  // namespace framespec::fuzz
