// Which --mask would make two answers equal that differ in their size.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "framespec/bytes.h"

namespace framespec::conformance {

/// Expressions with which, beside `patterns`, the same parts of both are masked and what is left
/// has the same size; none where few do not suffice. Each matches a word or number behind what
/// stands before it in its line.
[[nodiscard]] std::vector<std::string> patterns_that_fit(Bytes one, Bytes other,
                                                         std::span<const std::string> patterns);

/// What a user types for it: "--mask '2:/id: [0-9]+/'"; `turn` from 0.
[[nodiscard]] std::string as_option(std::size_t turn, const std::string& pattern);

}  // namespace framespec::conformance
