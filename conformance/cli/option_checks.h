// What the values of options may be.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>

namespace framespec::conformance {

/// A number from `min` to `max`, told as one of `unit`.
[[nodiscard]] CLI::Validator number(double min, double max, const char* unit);

/// A time of at most an hour.
[[nodiscard]] CLI::Validator seconds(double min = 0.05);

/// A whole number from `min` to `max`, in digits.
[[nodiscard]] CLI::Validator whole_number(std::uint64_t min, std::uint64_t max);

[[nodiscard]] CLI::Validator not_empty();

/// "K/N": a part of the cases, and how many there are.
[[nodiscard]] CLI::Validator shard_of_cases();

/// "0.2": a release of framespec.
[[nodiscard]] CLI::Validator release();

}  // namespace framespec::conformance
