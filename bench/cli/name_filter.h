// --filter, of all commands that have it.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "history/series.h"

namespace framespec::bench {

/// Adds the option; what is no regular expression (extended ones of POSIX, as Google Benchmark has
/// them) is refused as wrong usage.
void add_name_filter(CLI::App& command, std::string& filter,
                     const std::string& description = "Only benchmarks whose name matches");

/// Leave out benchmarks whose name does not match a filter that was checked so.
void keep_matching(HistorySeries& all, const std::string& filter);
void keep_matching(std::vector<BenchmarkSamples>& all, const std::string& filter);

}  // namespace framespec::bench
