// Both deframers on any stream in any dialect, cut in any way: SEG, LIM, EOS, ERR and SND-3.
#include "framespec/transcript.h"
#include "input/stream_input.h"
#include "oracles/invariance.h"
#include "oracles/memory.h"
#include "oracles/reencoding.h"
#include "reference_model.h"
#include "target.h"

namespace framespec::fuzz {
namespace {

Violation find_violation(const StreamInput& input) {
  const Transcript model = model::transcript_of(input.dialect, input.wire, input.digest);
  const auto frames = [&](Bytes stream, const Segmentation& segmentation) {
    return transcribe(input.dialect, stream, segmentation, input.digest);
  };
  const auto events = [&](Bytes stream, const Segmentation& segmentation) {
    return transcribe_events(input.dialect, stream, segmentation, input.digest);
  };
  if (auto bad = check_invariance(input, model, "FrameDeframer", frames)) return bad;
  if (auto bad = check_invariance(input, model, "EventDeframer", events)) return bad;
  if (auto bad = check_frame_memory(input, model)) return bad;
  if (auto bad = check_event_memory(input)) return bad;
  return check_reencoding(input, model);
}

}  // namespace

void run_input(Bytes input) {
  if (const Violation bad = find_violation(parse_stream_input(input))) report_finding(*bad, input);
}

std::string explain_input(Bytes input) { return explain(parse_stream_input(input)); }

}  // namespace framespec::fuzz
