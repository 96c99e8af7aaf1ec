// Where on its connection, and on which, the bytes of a case stand.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "suite/suite_case.h"

namespace framespec::conformance {

/// A rule holds for every frame of every connection, not only for the first one: a limit that is
/// looked at once is found in one of these places.
enum class Place : std::uint8_t {
  kBehindAFrame,        ///< in the same segment, behind a good frame
  kAfterAnAnswer,       ///< in a segment of its own, after a good frame was answered
  kOnASecondConnection  ///< beside a connection that is good before and afterwards
};

/// The word for it in suite files and ids: "behind_a_frame"; nothing for other words.
[[nodiscard]] std::optional<Place> place_named(std::string_view name) noexcept;

/// The steps of a case, whose bytes are the first on its one connection "main", put there. Nothing
/// where the case has more connections, or never sends.
[[nodiscard]] std::optional<std::vector<CaseStep>> put(Place place, std::vector<CaseStep> steps);

}  // namespace framespec::conformance
