// The file with a recorded conversation.
#pragma once

#include <expected>
#include <string>

#include "suite/recording.h"

namespace framespec::conformance {

/// Reads it; an error is a sentence that names the file.
[[nodiscard]] std::expected<Recording, std::string> read_recording_file(const std::string& path);

}  // namespace framespec::conformance
