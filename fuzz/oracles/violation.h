// What an oracle says of one input.
#pragma once

#include <optional>
#include <string>

namespace framespec::fuzz {

/// A sentence that says which promise of the library was broken, and how; nothing if all were kept.
using Violation = std::optional<std::string>;

}  // namespace framespec::fuzz
