// How fast this machine is now, by work that never changes: what tells a slower program from a
// slower machine.
#pragma once

namespace framespec::bench {

/// Nanoseconds of the processor's time, the median of several measurements.
struct Calibration {
  /// Of one multiplication and addition that wait for the ones before.
  double arithmetic_ns = 0;
  /// Of one load at an unforeseeable place in 16 MiB.
  double memory_ns = 0;
  /// Of a KiB that is copied, in pieces of 16 KiB that the first-level cache holds.
  double copy_ns = 0;
};

/// Takes a quarter of a second.
Calibration calibrate();

}  // namespace framespec::bench
