// Events as JSON: the lines of an event file. docs/events.md tells each member,
// conformance/schemas/event.schema.json says it formally.
#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "runner/event.h"

namespace framespec::conformance {

/// The name of the format, in the first event. Within it members and kinds of events are added, and
/// none is changed or removed.
inline constexpr std::string_view kEventFormat = "framespec-events/1";

/// The longest line that is read: steps of kStepsSizeMax, and what stands around them.
inline constexpr std::size_t kEventLineMax = std::size_t{16} * 1024 * 1024;

/// The event as one line, with its end. ASCII alone: no text is a control to a terminal. Text
/// that is not UTF-8 is told as printable() shows it.
[[nodiscard]] std::string to_line(const Event& event);

/// What is wrong with a line.
struct EventError {
  std::string path;     ///< a JSON path such as "$.proof.state", "$" for the whole
  std::string message;  ///< of bounded size
};

/// Reads one line, without its end. Nothing for an event of a kind that is not known: one that a
/// later version has added. Members that are not known are passed over. Takes time and memory in
/// proportion to the line.
[[nodiscard]] std::expected<std::optional<Event>, EventError> parse_event(std::string_view line);

}  // namespace framespec::conformance
