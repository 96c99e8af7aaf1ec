// Draws what two ends of a connection did: a lane for each, and time from top to bottom.
#pragma once

#include <cstddef>
#include <string>

#include "phenomena/scene.h"
#include "report/terminal.h"

namespace framespec::conformance {

/// Its title and a line for each step, none longer than `columns` (at least 40) where its words
/// allow that:
///
///         ms  client                            server
///      0.000  write "a"                 ────▶
///      0.012                                    read(1): "a"
///
/// A time in which nothing goes on is a line of its own; `──┤` is what the kernel keeps back.
[[nodiscard]] std::string scene_text(const phenomena::Scene& scene, const Style& style,
                                     std::size_t columns);

}  // namespace framespec::conformance
