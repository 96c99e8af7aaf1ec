#include "suite/case_compiler.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "suite/field_edges.h"
#include "suite/stream_builder.h"

namespace framespec::conformance {
namespace {

using Outcome = std::expected<void, NotFor>;

class CaseCompiler {
 public:
  CaseCompiler(const Dialect& dialect, const CompileOptions& options)
      : dialect_(dialect), options_(options) {}

  Outcome add(const CaseStep& step) {
    return std::visit([&](const auto& action) { return add(step.connection, action); },
                      step.action);
  }

  CompiledCase take() { return std::move(compiled_); }

 private:
  /// Open, Finish, Abort, ExpectClosed and MeasureWork are the same in a plan.
  template <typename Action>
  Outcome add(const std::string& connection, const Action& action) {
    push(connection, action);
    return {};
  }

  Outcome add(const std::string& connection, const ExpectDescriptorGrowth& action) {
    compiled_.is_exclusive = true;
    push(connection, action);
    return {};
  }

  Outcome add(const std::string& connection, const ExpectWork& action) {
    compiled_.is_exclusive = true;
    push(connection, action);
    return {};
  }

  Outcome add(const std::string& connection, const ExpectMemoryStep& step) {
    compiled_.is_exclusive = true;
    push(connection, ExpectMemoryGrowth{bytes(step.growth_max), step.only_in_use});
    return {};
  }

  Outcome add(const std::string& connection, const ExpectStalledStep& step) {
    push(connection, ExpectStalled{bytes(step.bytes_max)});
    return {};
  }

  Outcome add(const std::string& connection, const PauseStep& step) {
    push(connection, Pause{options_.frame_timeout * step.percent / 100});
    return {};
  }

  Outcome add(const std::string& connection, const ExpectTimedClose& step) {
    push(connection, ExpectClosed{.within = options_.frame_timeout * step.percent / 100});
    return {};
  }

  Outcome add(const std::string& connection, const ExpectFramesStep&) {
    auto frames = std::exchange(expected_[connection], {});
    if (floods_.erase(connection) > 0) {
      push(connection, ExpectFlood{});
      if (frames.empty()) return {};
    }
    push(connection, ExpectFrames{std::move(frames)});
    return {};
  }

  Outcome add(const std::string& connection, const FloodStep& step) {
    auto stream = build_stream({SendItem{step.frame}}, dialect_);
    if (!stream) return std::unexpected(stream.error());
    const auto total = static_cast<std::uint64_t>(evaluate(step.total_bytes, dialect_));
    push(connection, Flood{std::move(stream->bytes), total, step.goes_on,
                           std::move(stream->answers.front().frame)});
    floods_.insert(connection);
    return {};
  }

  Outcome add(const std::string& connection, const SendStep& step) {
    auto stream = build_stream(step.items, dialect_);
    if (!stream) return std::unexpected(stream.error());
    if (step.stop_at_most && options_.stop_at) stop(*stream, *options_.stop_at);
    for (auto& answer : stream->answers) expected_[connection].push_back(std::move(answer.frame));
    // What is stopped before its first byte is not sent at all.
    if (stream->bytes.empty()) return {};
    if (step.is_cut) {
      compiled_.cut_size = stream->bytes.size();
      compiled_.frame_ends = stream->frame_ends;
      compiled_.field_edges = std::move(stream->field_edges);
    }
    push(connection, Send{.bytes = std::move(stream->bytes),
                          .frame_ends = std::move(stream->frame_ends),
                          .arrival = step.is_cut ? std::optional(Arrival{}) : std::nullopt});
    return {};
  }

  Outcome add(const std::string& connection, const FixedSendStep& step) {
    Send send = step.send;
    if (step.stop_at_most && options_.stop_at) {
      if (*options_.stop_at >= send.bytes.size()) {
        return std::unexpected(NotFor{.reason = "the stream is not cut off there"});
      }
      stop(send, *options_.stop_at);
    }
    if (send.bytes.empty()) return {};
    if (step.is_cut) {
      compiled_.cut_size = send.bytes.size();
      compiled_.frame_ends = send.frame_ends;
      compiled_.field_edges = field_edges_of(dialect_, step.send);
      std::erase_if(compiled_.field_edges,
                    [&](std::uint64_t edge) { return edge > compiled_.cut_size; });
      send.arrival = Arrival{};
    }
    push(connection, std::move(send));
    return {};
  }

  Outcome add(const std::string& connection, const ExpectExitStep& step) {
    push(connection, ExpectExit{.like = is_inside_frame_ ? step.like_inside_frame : step.like});
    return {};
  }

  void stop(Send& send, std::uint64_t at) {
    const auto next = std::ranges::upper_bound(send.frame_ends, at);
    const bool is_behind_one = next != send.frame_ends.begin() && *std::prev(next) == at;
    is_inside_frame_ = at > 0 && next != send.frame_ends.end() && !is_behind_one;
    send.bytes.resize(at);
    send.frame_ends.erase(next, send.frame_ends.end());
    for (step::Copy& copy : send.copies) {
      copy.size = copy.to < at ? std::min(copy.size, at - copy.to) : 0;
    }
    std::erase_if(send.copies, [](const step::Copy& copy) { return copy.size == 0; });
  }

  static void stop(BuiltStream& stream, std::uint64_t at) {
    stream.bytes.resize(std::min<std::uint64_t>(at, stream.bytes.size()));
    std::erase_if(stream.frame_ends, [&](std::uint64_t end) { return end > at; });
    std::erase_if(stream.field_edges, [&](std::uint64_t edge) { return edge > at; });
    std::erase_if(stream.answers,
                  [&](const BuiltStream::Answer& answer) { return answer.end > at; });
  }

  [[nodiscard]] std::uint64_t bytes(const SizeExpression& size) const {
    return static_cast<std::uint64_t>(std::max<WideInteger>(0, evaluate(size, dialect_)));
  }

  void push(const std::string& connection, Action action) {
    compiled_.steps.push_back({connection, std::move(action)});
  }

  const Dialect& dialect_;
  const CompileOptions& options_;
  CompiledCase compiled_;
  std::map<std::string, std::vector<ExpectedFrame>> expected_;  // sent whole, not yet expected
  std::set<std::string> floods_;  // where a flood's answers are not yet expected
  bool is_inside_frame_ = false;  // the stream was cut off there
};

}  // namespace

bool CompiledCase::ends_behind_cut() const {
  for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
    const auto* send = std::get_if<Send>(&steps[i].action);
    if (send == nullptr || !send->arrival) continue;
    return std::holds_alternative<Finish>(steps[i + 1].action) &&
           steps[i + 1].connection == steps[i].connection;
  }
  return false;
}

bool needs_frame_timeout(const CaseValue& value) {
  return std::ranges::any_of(value.steps, [](const CaseStep& step) {
    return std::holds_alternative<PauseStep>(step.action) ||
           std::holds_alternative<ExpectTimedClose>(step.action);
  });
}

std::expected<CompiledCase, NotFor> compile_case(const CaseValue& value, const Dialect& dialect,
                                                 const CompileOptions& options) {
  CaseCompiler compiler(dialect, options);
  for (const auto& step : value.steps) {
    if (auto added = compiler.add(step); !added) return std::unexpected(added.error());
  }
  return compiler.take();
}

bool is_fixed(const CaseValue& value) {
  return std::ranges::any_of(value.steps, [](const CaseStep& step) {
    return std::holds_alternative<FixedSendStep>(step.action);
  });
}

std::optional<std::size_t> stops_of(const CaseValue& value) {
  for (const auto& step : value.steps) {
    const auto* send = std::get_if<SendStep>(&step.action);
    if (send != nullptr && send->stop_at_most) return send->stop_at_most;
    const auto* fixed = std::get_if<FixedSendStep>(&step.action);
    if (fixed != nullptr && fixed->stop_at_most) return fixed->stop_at_most;
  }
  return std::nullopt;
}

}  // namespace framespec::conformance
