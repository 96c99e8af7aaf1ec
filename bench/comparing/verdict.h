// What a comparison says of a benchmark.
#pragma once

#include <optional>
#include <string_view>

namespace framespec::bench {

enum class Verdict { kBetter, kSame, kWorse, kInconclusive };

/// "better", "same", "worse", "inconclusive".
std::string_view name_of(Verdict verdict);
/// None if no verdict has this name.
std::optional<Verdict> verdict_named(std::string_view name);

}  // namespace framespec::bench
