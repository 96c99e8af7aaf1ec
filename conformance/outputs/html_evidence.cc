#include "outputs/html_evidence.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <variant>

#include "framespec/encoder.h"
#include "framespec/hex.h"
#include "framespec/printable.h"
#include "framespec/replay.h"
#include "framespec/step_json.h"
#include "report/wire_view.h"

namespace framespec::conformance {
namespace {

using Json = nlohmann::ordered_json;

/// What must come back on one connection, where that is bytes that can be said.
struct Wanted {
  ByteVector bytes;
  std::vector<step::Stretch> varies;  ///< what of them is not compared
  bool is_known = true;
};

/// Both ways of each connection, as the steps have them.
struct Wire {
  std::map<std::string, ByteVector> sent;
  std::map<std::string, Wanted> wanted;
};

void add_frames(Wanted& wanted, const Dialect& dialect, const ExpectFrames& frames) {
  // The same header can be written in many ways.
  if (dialect.header != HeaderKind::kNone) wanted.is_known = false;
  for (const ExpectedFrame& frame : frames.frames) {
    if (!wanted.is_known) return;
    wanted.is_known =
        append_frame(wanted.bytes, dialect, frame.payload, {.lead = frame.lead}).has_value();
  }
}

void add_answer(Wanted& wanted, const ExpectAnswer& answer) {
  if (!answer.masks.empty()) wanted.is_known = false;
  const std::uint64_t begin = wanted.bytes.size();
  for (const step::Stretch& stretch : answer.varies) {
    wanted.varies.push_back({.from = begin + stretch.from, .to = begin + stretch.to});
  }
  wanted.bytes.insert(wanted.bytes.end(), answer.bytes.begin(), answer.bytes.end());
}

Wire wire_of(const std::vector<Step>& steps, const Dialect& dialect) {
  Wire wire;
  for (const Step& step : steps) {
    Wanted& wanted = wire.wanted[step.connection];
    if (const auto* const send = std::get_if<Send>(&step.action)) {
      ByteVector& sent = wire.sent[step.connection];
      sent.insert(sent.end(), send->bytes.begin(), send->bytes.end());
    } else if (const auto* const frames = std::get_if<ExpectFrames>(&step.action)) {
      add_frames(wanted, dialect, *frames);
    } else if (const auto* const answer = std::get_if<ExpectAnswer>(&step.action)) {
      add_answer(wanted, *answer);
    } else if (std::holds_alternative<Flood>(step.action)) {
      wanted.is_known = false;
    }
  }
  return wire;
}

Json parts_json(const Dialect& dialect, Bytes stream, std::uint64_t size) {
  Json parts = Json::array();
  for (const WireRegion& region : wire_regions(dialect, stream, size)) {
    parts.push_back({static_cast<int>(region.part), region.begin, region.end});
  }
  return parts;
}

/// The first offset at which the answer is another one, of what is kept of it.
std::optional<std::uint64_t> first_difference(const Wanted& wanted, const ReplayCame& came) {
  const auto varies = [&](std::uint64_t offset) {
    return std::ranges::any_of(wanted.varies, [offset](const step::Stretch& stretch) {
      return stretch.from <= offset && offset < stretch.to;
    });
  };
  const std::uint64_t both = std::min(wanted.bytes.size(), came.bytes.size());
  for (std::uint64_t offset = 0; offset < both; ++offset) {
    if (wanted.bytes[offset] != came.bytes[offset] && !varies(offset)) return offset;
  }
  if (wanted.bytes.size() == came.size) return std::nullopt;
  const bool is_kept_whole = came.bytes.size() == came.size;
  if (!is_kept_whole && wanted.bytes.size() >= came.bytes.size()) return std::nullopt;
  return std::min<std::uint64_t>(wanted.bytes.size(), came.size);
}

void put_wire(Json& json, const DialectResult& dialect, const std::vector<Step>& steps,
              const std::vector<ReplayCame>& all_came) {
  const Wire wire = wire_of(steps, dialect.dialect);
  json["parts"] = Json::object();
  for (const auto& [connection, stream] : wire.sent) {
    json["parts"][connection] = parts_json(dialect.dialect, stream, stream.size());
  }
  json["back"] = Json::object();
  for (const ReplayCame& came : all_came) {
    Json& back = json["back"][came.connection];
    back["parts"] = parts_json(dialect.dialect, came.bytes, came.size);
    const auto wanted = wire.wanted.find(came.connection);
    if (wanted == wire.wanted.end() || !wanted->second.is_known) continue;
    back["wanted"] = write_hex(wanted->second.bytes);
    back["wanted_parts"] =
        parts_json(dialect.dialect, wanted->second.bytes, wanted->second.bytes.size());
    if (const auto offset = first_difference(wanted->second, came)) back["differs"] = *offset;
  }
}

void put_played(Json& json, const RunResult& run, const DialectResult& dialect,
                const ShownAttempt& shown) {
  std::vector<Step> steps;
  for (const std::string& text : shown.evidence->steps) {
    auto step = parse_step(text);
    if (!step) return;
    steps.push_back(*std::move(step));
  }
  put_wire(json, dialect, steps, shown.evidence->came);
  Replay replay{
      .id = shown.id,
      .title = shown.facts.title,
      .rules = shown.facts.rules,
      .dialect = dialect.dialect,
      .main_stays_open = shown.evidence->main_stays_open,
      .origin = {.tool = "framespec " + run.version, .testee = run.testee.value, .seed = run.seed},
      .steps = std::move(steps),
      .came = shown.evidence->came,
      .failure = std::nullopt};
  if (const auto& failure = shown.attempt.failure) {
    replay.failure = ReplayFailure{.kind = std::string(name_of(failure->kind)),
                                   .expected = failure->expected,
                                   .came = failure->came,
                                   .at_sentinel = failure->at_sentinel};
  }
  json["replay"] = to_ndjson(replay);
}

}  // namespace

Json evidence_json(const RunResult& run, const DialectResult& dialect, const ShownAttempt& shown) {
  Json json = Json::object();
  if (const auto& failure = shown.attempt.failure) {
    json["kind"] = phrase_of(failure->kind);
    json["expected"] = printable(failure->expected);
    json["came"] = printable(failure->came);
    if (failure->at_sentinel) json["at_sentinel"] = true;
  }
  if (!shown.attempt.testee_output.empty()) {
    json["output"] = printable(shown.attempt.testee_output, Layout::kLines);
  }
  if (shown.evidence) put_played(json, run, dialect, shown);
  return json;
}

}  // namespace framespec::conformance
