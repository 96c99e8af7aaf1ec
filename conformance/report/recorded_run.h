// Reads event files.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <string_view>

#include "runner/event.h"
#include "runner/run_log.h"

namespace framespec::conformance {

/// Takes an event, or says how it contradicts those before it.
using EventTaker = std::function<std::expected<void, std::string>(const Event& event)>;

/// Hands over each event of the file in order. Takes memory in proportion to the longest line, of
/// at most kEventLineMax bytes, and time in proportion to the file. A last line that is cut off is
/// passed over. An error is a sentence with the file and the line: "run.ndjson: line 7: …".
[[nodiscard]] std::expected<void, std::string> read_events(const std::string& path,
                                                           const EventTaker& take);

/// The run that the events of a file tell of; its has_ended says whether they tell all of it.
[[nodiscard]] std::expected<RunLog, std::string> read_run(const std::string& path);

}  // namespace framespec::conformance
