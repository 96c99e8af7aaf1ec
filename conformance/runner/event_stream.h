// Where the events of a run go.
#pragma once

#include <chrono>
#include <utility>

#include "runner/event.h"

namespace framespec::conformance {

/// Gets every event of a run, in order, from the thread that runs.
class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void take(const Event& event) = 0;
};

/// Says when each event was, counted from the construction: the beginning of the run.
class EventStream {
 public:
  using Clock = std::chrono::steady_clock;

  /// The sink must outlive it.
  explicit EventStream(EventSink& sink) : sink_(sink) {}

  void tell(event::What what) {
    sink_.take({.at = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start_),
                .what = std::move(what)});
  }

 private:
  EventSink& sink_;
  Clock::time_point start_ = Clock::now();
};

}  // namespace framespec::conformance
