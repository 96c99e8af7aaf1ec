#include "report/recording_file.h"

#include "report/input_file.h"

namespace framespec::conformance {

std::expected<Recording, std::string> read_recording_file(const std::string& path) {
  return parse_input(path, kReplaySizeMax, parse_recording);
}

}  // namespace framespec::conformance
