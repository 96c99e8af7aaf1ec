// What a comparison says of a benchmark.
#pragma once

namespace framespec::bench {

enum class Verdict { kBetter, kSame, kWorse, kInconclusive };

}  // namespace framespec::bench
