#include "report/run_recorder.h"

#include <fmt/format.h>

#include <stdexcept>

#include "report/event_json.h"

namespace framespec::conformance {

void RunRecorder::take(const Event& event) {
  std::string line = to_line(event);
  if (file_ != nullptr) file_->write(line);
  line.pop_back();
  const auto read = parse_event(line);
  if (!read) {
    throw std::logic_error(fmt::format("an event of this run cannot be read: {}: {}",
                                       read.error().path, read.error().message));
  }
  if (!*read) throw std::logic_error("an event of this run is of no known kind");
  if (const auto taken = log_.take(**read); !taken) {
    throw std::logic_error("the events of this run contradict each other: " + taken.error());
  }
}

}  // namespace framespec::conformance
