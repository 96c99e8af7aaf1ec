// A run as a file of Google Benchmark, which many programs read and this one too.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "history/run_record.h"

namespace framespec::bench {

/// What the program said of itself is its context, and with it what else is known of the run:
/// commit, commit_time, measured, processor, kernel, libc, governor, calibration_… (in
/// nanoseconds), as Google Benchmark writes the context that a program adds. Times are in
/// nanoseconds.
std::string google_benchmark_json(const MeasuredRun& run);

/// The run of such a file, also of one that a program wrote itself: then nothing is known of the
/// machine but what that says. Repetitions that found their own results wrong are left out. The
/// error is a sentence: it is none, or has means and medians alone.
std::expected<MeasuredRun, std::string> read_google_benchmark_json(std::string_view text);

}  // namespace framespec::bench
