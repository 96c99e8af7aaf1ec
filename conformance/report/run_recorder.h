// Turns the events of a run into what is reported, while they happen.
#pragma once

#include "report/event_file.h"
#include "runner/event_stream.h"
#include "runner/run_log.h"

namespace framespec::conformance {

/// Writes each event as a line, and takes in what that line says: a report that is made of the
/// result is the one that can be made of the file.
class RunRecorder final : public EventSink {
 public:
  /// `file` may be null, and must outlive it.
  explicit RunRecorder(EventFile* file) : file_(file) {}

  /// Throws std::logic_error where the events of this run contradict each other.
  void take(const Event& event) override;

  [[nodiscard]] const RunLog& log() const noexcept { return log_; }

 private:
  EventFile* file_;
  RunLog log_;
};

}  // namespace framespec::conformance
