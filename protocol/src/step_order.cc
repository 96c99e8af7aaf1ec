#include "framespec/step_order.h"

#include <string_view>
#include <utility>
#include <variant>

#include "framespec/printable.h"
#include "framespec/shortened.h"
#include "framespec/step_json.h"

namespace framespec {
namespace {

using namespace step;

constexpr std::size_t kNameShownMax = 60;

template <typename... Actions>
bool is_one_of(const Action& action) {
  return (std::holds_alternative<Actions>(action) || ...);
}

std::string name_shown(std::string_view name) { return printable(shortened(name, kNameShownMax)); }

std::string subject_of(std::string_view connection) {
  return "the connection \"" + name_shown(connection) + "\"";
}

}  // namespace

StepOrder::StepOrder() : StepOrder([](const Step& step) { return to_json(step); }) {}

StepOrder::StepOrder(Written written) : written_(std::move(written)) { connections_["main"] = {}; }

std::string StepOrder::follow(const Step& step) {
  const Action& action = step.action;
  if (is_exited_) {
    return "the testee has ended by " + written(step.connection, ExpectExit{}) +
           ": nothing can be done with it any more";
  }
  if (is_one_of<Open>(action)) return open(step.connection);
  if (is_one_of<ExpectMemoryGrowth>(action)) return {};
  if (is_one_of<ExpectExit>(action)) {
    std::string wrong = end();
    is_exited_ = wrong.empty();
    return wrong;
  }
  if (is_one_of<ExpectDescriptorGrowth>(action)) {
    ended_together_ = connections_.size();
    return {};
  }
  if (const auto* measure = std::get_if<MeasureWork>(&action)) {
    measured_.insert(measure->name);
    return {};
  }
  if (const auto* work = std::get_if<ExpectWork>(&action)) return why_not_work(*work);
  const auto found = connections_.find(step.connection);
  if (found == connections_.end()) {
    return "there is no connection \"" + name_shown(step.connection) + "\" yet; there are " +
           names() + ", and " + written(step.connection, Open{}) + " makes it";
  }
  State& state = found->second;
  if (std::string wrong = why_not(state, step); !wrong.empty()) return wrong;
  const auto* send = std::get_if<Send>(&action);
  state.has_sent |= is_one_of<Send, Flood>(action);
  state.is_end_sent |= send != nullptr && send->arrival && send->arrival->is_with_end;
  if (const auto* flood = std::get_if<Flood>(&action)) state.is_unread = !flood->goes_on;
  state.is_flooding =
      is_one_of<Flood>(action) || (state.is_flooding && !is_one_of<ExpectFlood, Abort>(action));
  state.is_finished |= is_one_of<Finish>(action);
  state.is_reset |= is_one_of<Abort>(action);
  state.has_awaited |= is_one_of<Await>(action);
  return {};
}

std::string StepOrder::why_not_work(const ExpectWork& expected) const {
  for (const std::string& name : {expected.of, expected.against}) {
    if (measured_.contains(name)) continue;
    return "no work is measured as \"" + name_shown(name) + "\"; a step " +
           written("main", MeasureWork{.name = shortened(name, kNameShownMax)}) +
           " before the work begins that";
  }
  return {};
}

std::string StepOrder::open(const std::string& name) {
  if (connections_.try_emplace(name, State{.number = connections_.size()}).second) return {};
  return subject_of(name) + " is there already; there are " + names() +
         ", and another one needs another name";
}

std::string StepOrder::why_not(const State& state, const Step& step) const {
  const Action& action = step.action;
  // Made for a sentence only: every step of every case comes here.
  const auto subject = [&step] { return subject_of(step.connection); };
  if (state.is_reset) {
    return subject() + " was reset by \"abort\": nothing can be done on it any more";
  }
  if (state.number < ended_together_) {
    return subject() +
           " was ended when the descriptors were looked at: nothing can be done on it any more";
  }
  if (state.is_finished && is_one_of<Send, Flood, Finish>(action)) {
    return subject() + " has ended its stream by \"finish\": it can only expect now";
  }
  if (state.is_end_sent && is_one_of<Send, Flood>(action)) {
    return subject() + " has sent the end of its stream with its last bytes: nothing can follow";
  }
  if (const std::string wrong = why_not_flooding(state, step); !wrong.empty())
    return subject() + wrong;
  const auto* send = std::get_if<Send>(&action);
  if (send != nullptr && !send->copies.empty() && !state.has_awaited) {
    return "it copies from a request, and none was awaited on " + subject() + " before; " +
           written(step.connection,
                   Await{AwaitBytes{send->copies.front().from + send->copies.front().size}}) +
           " waits for one";
  }
  const auto* frames = std::get_if<ExpectFrames>(&action);
  if (!state.has_sent && frames != nullptr && !frames->frames.empty()) {
    return "nothing was sent on " + subject() + ", so there is no answer to expect";
  }
  return {};
}

std::string StepOrder::why_not_flooding(const State& state, const Step& step) const {
  const Action& action = step.action;
  if (is_one_of<ExpectStalled>(action) && !(state.is_flooding && state.is_unread)) {
    return " is not in a flood whose answers are not read: nothing stalls";
  }
  if (is_one_of<ExpectFlood>(action) && !state.is_flooding) {
    return " is not in a flood: there are no answers to one";
  }
  if (state.is_flooding && !is_one_of<ExpectFlood, Abort, Finish, ExpectStalled>(action)) {
    return " is in a flood: " + written(step.connection, ExpectFlood{}) + ", or " +
           written(step.connection, Abort{}) + ", must end that before anything else";
  }
  return {};
}

std::string StepOrder::end() const {
  for (const auto& [name, state] : connections_) {
    if (!state.is_flooding || state.number < ended_together_) continue;
    return "the answers to the flood on " + subject_of(name) + " are never expected: add " +
           written(name, ExpectFlood{}) + ", or " + written(name, Abort{});
  }
  return {};
}

bool StepOrder::has_ended(const std::string& connection) const {
  if (is_exited_) return true;
  const auto found = connections_.find(connection);
  if (found == connections_.end()) return false;
  const State& state = found->second;
  return state.is_reset || state.is_finished || state.is_end_sent;
}

bool StepOrder::is_flooding(const std::string& connection) const {
  const auto found = connections_.find(connection);
  return found != connections_.end() && found->second.is_flooding;
}

std::string StepOrder::written(const std::string& connection, Action action) const {
  return printable(
      written_({.connection = shortened(connection, kNameShownMax), .action = std::move(action)}));
}

std::string StepOrder::names() const {
  // A script can open thousands.
  constexpr std::size_t kNamesShown = 5;
  std::string text;
  std::size_t count = 0;
  for (const auto& [name, state] : connections_) {
    if (++count > kNamesShown) return text + ", …";
    text += count == 1 ? "\"" : ", \"";
    text += name_shown(name);
    text += '"';
  }
  return text;
}

}  // namespace framespec
