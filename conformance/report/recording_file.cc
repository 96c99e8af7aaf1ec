#include "report/recording_file.h"

#include <fmt/format.h>

#include "framespec/printable.h"
#include "framespec/shortened.h"
#include "report/input_file.h"

namespace framespec::conformance {

std::expected<Recording, std::string> read_recording_file(const std::string& path) {
  const auto told_of_file = [&](const std::string& why) {
    return std::unexpected(fmt::format("{}: {}", printable(shortened(path)), printable(why)));
  };
  const auto text = read_whole_input(path, kReplaySizeMax);
  if (!text) return told_of_file(text.error());
  auto recording = parse_recording(*text);
  if (!recording) return told_of_file(to_string(recording.error()));
  return *std::move(recording);
}

}  // namespace framespec::conformance
