// Shows a phenomenon to a person: what was done when, the figures as bars, and what to do about it.
#pragma once

#include <span>
#include <string>

#include "phenomena/phenomenon.h"
#include "report/terminal.h"

namespace framespec::conformance {

/// All of it; the picture is as wide as the terminal, and 80 columns in a file.
[[nodiscard]] std::string phenomenon_text(const phenomena::Phenomenon& phenomenon,
                                          const phenomena::Played& played, const Style& style);

/// The name of each, and its sentence.
[[nodiscard]] std::string phenomena_text(std::span<const phenomena::Phenomenon> phenomena,
                                         const Style& style);

}  // namespace framespec::conformance
