#include "suite/case_order.h"

#include <string>
#include <variant>

namespace framespec::conformance {
namespace {

/// The step in the words of a suite file.
std::string written(const Step& step) {
  if (const auto* measure = std::get_if<MeasureWork>(&step.action)) {
    return "{\"measure\": \"" + measure->name + "\"}";
  }
  if (std::holds_alternative<Open>(step.action)) return "{\"open\": \"" + step.connection + "\"}";
  if (std::holds_alternative<Abort>(step.action)) {
    return "{\"abort\": \"" + step.connection + "\"}";
  }
  return "{\"expect\": \"frames\"} on it";
}

/// The step of a plan, without its bytes, that the one of a case will be.
struct Planned {
  const StepOrder& order;
  const std::string& connection;

  Action operator()(const SendStep& /*step*/) const { return Send{.bytes = {}, .frame_ends = {}}; }
  Action operator()(const FixedSendStep& step) const { return step.send; }
  Action operator()(const ExpectExitStep& /*step*/) const { return ExpectExit{}; }
  Action operator()(const FloodStep& step) const {
    return Flood{.bytes = {}, .goes_on = step.goes_on, .answer = {}};
  }
  Action operator()(const PauseStep& /*step*/) const { return Pause{}; }
  Action operator()(const ExpectTimedClose& /*step*/) const { return ExpectClosed{}; }
  /// A flood's answers are frames like any.
  Action operator()(const ExpectFramesStep& /*step*/) const {
    if (order.is_flooding(connection)) return ExpectFlood{};
    return ExpectFrames{.frames = {ExpectedFrame{}}};
  }
  Action operator()(const ExpectStalledStep& /*step*/) const { return ExpectStalled{}; }
  Action operator()(const ExpectMemoryStep& /*step*/) const { return ExpectMemoryGrowth{}; }
  template <typename SameInBoth>
  Action operator()(const SameInBoth& step) const {
    return step;
  }
};

}  // namespace

CaseOrder::CaseOrder() : order_(written) {}

void CaseOrder::follow(const CaseStep& step, const SuiteNode& node) {
  const Planned planned{.order = order_, .connection = step.connection};
  const std::string wrong =
      order_.follow({.connection = step.connection, .action = std::visit(planned, step.action)});
  if (!wrong.empty()) node.fail(wrong);
}

void CaseOrder::end(const SuiteNode& steps) const {
  if (const std::string wrong = order_.end(); !wrong.empty()) steps.fail(wrong);
}

}  // namespace framespec::conformance
