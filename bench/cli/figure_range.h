// What figures an option takes.
#pragma once

#include <CLI/CLI.hpp>

namespace framespec::bench {

/// From `low` to `high`, as CLI::Range, which takes what is no number ("nan") for one between them.
CLI::Validator figure_between(double low, double high);

}  // namespace framespec::bench
