// The file that says what a client with a fixed exchange is answered.
#pragma once

#include <expected>
#include <string>

#include "suite/exchange.h"

namespace framespec::conformance {

/// Reads it; an error is a sentence that names the file.
[[nodiscard]] std::expected<Exchange, std::string> read_answer_file(const std::string& path);

}  // namespace framespec::conformance
