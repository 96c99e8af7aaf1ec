// A comparison as a file: bench/schemas/comparison.schema.json.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "comparing/comparison.h"

namespace framespec::bench {

struct SavedComparison {
  /// The sides as the user named them.
  std::string a = {};
  std::string b = {};
  /// The change of time that mattered, as a fraction.
  double effect = 0.02;
  Comparison comparison = {};
};

std::string comparison_json(const SavedComparison& saved);

/// The error is a sentence: it is no such file, or of another version.
std::expected<SavedComparison, std::string> read_comparison_json(std::string_view text);

}  // namespace framespec::bench
