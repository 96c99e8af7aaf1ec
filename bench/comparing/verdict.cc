#include "comparing/verdict.h"

#include <array>
#include <cstddef>

namespace framespec::bench {
namespace {

/// In the order of the enumerators.
constexpr std::array<std::string_view, 4> kVerdictNames{"better", "same", "worse", "inconclusive"};

}  // namespace

std::string_view name_of(Verdict verdict) {
  return kVerdictNames.at(static_cast<std::size_t>(verdict));
}

std::optional<Verdict> verdict_named(std::string_view name) {
  for (std::size_t i = 0; i < kVerdictNames.size(); ++i) {
    if (kVerdictNames.at(i) == name) return static_cast<Verdict>(i);
  }
  return std::nullopt;
}

}  // namespace framespec::bench
