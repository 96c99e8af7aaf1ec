#include "launch/testee_choice.h"

#include <algorithm>
#include <array>
#include <utility>

namespace framespec::conformance {
namespace {

constexpr std::array<std::pair<TesteeKind, std::string_view>, 4> kNames{
    {{TesteeKind::kServer, "server"},
     {TesteeKind::kLaunched, "launch"},
     {TesteeKind::kClient, "client"},
     {TesteeKind::kClientThatComes, "listen"}}};

}  // namespace

std::string_view name_of(TesteeKind kind) noexcept {
  return std::ranges::find(kNames, kind, &decltype(kNames)::value_type::first)->second;
}

std::optional<TesteeKind> testee_kind(std::string_view name) noexcept {
  const auto* const found = std::ranges::find(kNames, name, &decltype(kNames)::value_type::second);
  if (found == kNames.end()) return std::nullopt;
  return found->first;
}

}  // namespace framespec::conformance
