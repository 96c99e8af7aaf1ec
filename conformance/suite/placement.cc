#include "suite/placement.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <utility>

namespace framespec::conformance {
namespace {

constexpr std::string_view kMain = "main";
constexpr std::string_view kSecond = "second";

SendItem good_frame(std::string_view text) {
  const Bytes bytes = as_bytes(text);
  return {.what = FrameItem{.payload = {.bytes = {bytes.begin(), bytes.end()}, .size = {}},
                            .lead = {},
                            .varint_size = {},
                            .first = {},
                            .after = {}}};
}

std::vector<CaseStep> exchange(std::string_view text) {
  std::vector<CaseStep> steps;
  steps.push_back({.action = SendStep{.items = {good_frame(text)}, .stop_at_most = {}}});
  steps.push_back({.action = ExpectFramesStep{}});
  return steps;
}

void append(std::vector<CaseStep>& steps, std::vector<CaseStep> more) {
  std::ranges::move(more, std::back_inserter(steps));
}

template <typename Action>
bool is(const CaseStep& step) {
  return std::holds_alternative<Action>(step.action);
}

bool uses_only_main(const std::vector<CaseStep>& steps) {
  return std::ranges::all_of(steps, [](const CaseStep& step) { return step.connection == kMain; });
}

std::vector<CaseStep> behind_a_frame(std::vector<CaseStep> steps) {
  const auto send = std::ranges::find_if(steps, is<SendStep>);
  auto& items = std::get<SendStep>(send->action).items;
  items.insert(items.begin(), good_frame("good"));
  const auto answered = std::ranges::find_if(send, steps.end(), [](const CaseStep& step) {
    return is<ExpectFramesStep>(step) || is<ExpectClosed>(step);
  });
  if (answered == steps.end() || is<ExpectClosed>(*answered)) {
    steps.insert(answered, CaseStep{.action = ExpectFramesStep{}});
  }
  return steps;
}

std::vector<CaseStep> on_a_second_connection(std::vector<CaseStep> steps) {
  std::vector<CaseStep> all = exchange("before");
  all.push_back({.connection = std::string(kSecond), .action = Open{}});
  for (CaseStep& step : steps) step.connection = kSecond;
  append(all, std::move(steps));
  append(all, exchange("unharmed"));
  return all;
}

}  // namespace

std::optional<Place> place_named(std::string_view name) noexcept {
  constexpr std::array kPlaces = {
      std::pair{std::string_view("behind_a_frame"), Place::kBehindAFrame},
      std::pair{std::string_view("after_an_answer"), Place::kAfterAnAnswer},
      std::pair{std::string_view("on_a_second_connection"), Place::kOnASecondConnection}};
  const auto* const found =
      std::ranges::find(kPlaces, name, &std::pair<std::string_view, Place>::first);
  return found == kPlaces.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::vector<CaseStep>> put(Place place, std::vector<CaseStep> steps) {
  if (!uses_only_main(steps) || std::ranges::none_of(steps, is<SendStep>)) return std::nullopt;
  switch (place) {
    case Place::kBehindAFrame:
      return behind_a_frame(std::move(steps));
    case Place::kAfterAnAnswer: {
      auto all = exchange("good");
      append(all, std::move(steps));
      return all;
    }
    case Place::kOnASecondConnection:
      return on_a_second_connection(std::move(steps));
  }
  return std::nullopt;
}

}  // namespace framespec::conformance
