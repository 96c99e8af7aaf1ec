#include "suite/step_order.h"

#include <variant>

namespace framespec::conformance {
namespace {

template <typename... Actions>
bool is_one_of(const StepAction& action) {
  return (std::holds_alternative<Actions>(action) || ...);
}

std::string nothing_measured(const std::string& name) {
  return "no work is measured as \"" + name + "\"; a step {\"measure\": \"" + name +
         "\"} before the work begins that";
}

std::string flood_without_end(const std::string& name) {
  return "the answers to the flood on the connection \"" + name +
         "\" are never expected: add {\"expect\": \"frames\", \"on\": \"" + name +
         "\"}, or {\"abort\": \"" + name + "\"}";
}

}  // namespace

void StepOrder::follow(const CaseStep& step, const SuiteNode& node) {
  const auto& action = step.action;
  if (is_one_of<Open>(action)) return open(step.connection, node);
  if (is_one_of<ExpectMemoryStep, ExpectDescriptorGrowth>(action)) return;
  if (const auto* measure = std::get_if<MeasureWork>(&action)) {
    measured_.insert(measure->name);
    return;
  }
  if (const auto* work = std::get_if<ExpectWork>(&action)) return expect_work(*work, node);
  const auto found = connections_.find(step.connection);
  if (found == connections_.end()) {
    node.fail("there is no connection \"" + step.connection + "\" yet; there are " + names() +
              ", and {\"open\": \"" + step.connection + "\"} makes it");
  }
  auto& state = found->second;
  check(state, step, node);
  state.has_sent |= is_one_of<SendStep, FloodStep>(action);
  if (const auto* flood = std::get_if<FloodStep>(&action)) state.is_unread = !flood->goes_on;
  state.is_flooding = is_one_of<FloodStep>(action) ||
                      (state.is_flooding && !is_one_of<ExpectFramesStep, Abort>(action));
  state.is_finished |= is_one_of<Finish>(action);
  state.is_reset |= is_one_of<Abort>(action);
}

void StepOrder::expect_work(const ExpectWork& expected, const SuiteNode& node) const {
  for (const auto& name : {expected.of, expected.against}) {
    if (!measured_.contains(name)) node.fail(nothing_measured(name));
  }
}

void StepOrder::open(const std::string& name, const SuiteNode& node) {
  if (!connections_.try_emplace(name).second) {
    node.fail("the connection \"" + name + "\" is there already; there are " + names() +
              ", and another one needs another name");
  }
}

void StepOrder::check(const State& state, const CaseStep& step, const SuiteNode& node) {
  const auto& action = step.action;
  const auto subject = "the connection \"" + step.connection + "\"";
  if (state.is_reset) {
    node.fail(subject + " was reset by \"abort\": nothing can be done on it any more");
  }
  if (state.is_finished && is_one_of<SendStep, FloodStep, Finish>(action)) {
    node.fail(subject + " has ended its stream by \"finish\": it can only expect now");
  }
  if (is_one_of<ExpectStalledStep>(action) && !(state.is_flooding && state.is_unread)) {
    node.fail(subject + " is not in a flood whose answers are not read: nothing stalls");
  }
  if (state.is_flooding && !is_one_of<ExpectFramesStep, Abort, Finish, ExpectStalledStep>(action)) {
    node.fail(subject + " is in a flood: {\"expect\": \"frames\"} on it, or {\"abort\": \"" +
              step.connection + "\"}, must end that before anything else");
  }
  if (!state.has_sent && is_one_of<ExpectFramesStep>(action)) {
    node.fail("nothing was sent on " + subject + ", so there is no answer to expect");
  }
}

void StepOrder::end(const SuiteNode& steps) const {
  for (const auto& [name, state] : connections_) {
    if (state.is_flooding) steps.fail(flood_without_end(name));
  }
}

std::string StepOrder::names() const {
  // A case can open thousands.
  constexpr std::size_t kNamesShown = 5;
  std::string text;
  std::size_t count = 0;
  for (const auto& [name, state] : connections_) {
    if (++count > kNamesShown) return text + ", …";
    text += count == 1 ? "\"" : ", \"";
    text += name;
    text += '"';
  }
  return text;
}

}  // namespace framespec::conformance
