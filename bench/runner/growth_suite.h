// Suites of one case that can be made as large as one likes, each in its own direction.
#pragma once

#include <cstddef>
#include <expected>
#include <filesystem>
#include <span>
#include <string>

#include "framespec/bytes.h"

namespace framespec::bench {

/// What a bare client sends of the same bytes.
struct BareWork {
  ByteVector bytes = {};
  /// Of each call that sends; the last may send less.
  std::size_t segment_size = 0;
  /// So many connections, one after the other, each exchange all of the bytes.
  std::size_t connection_count = 1;
  /// Whether each stays open until the last is done.
  bool stays_open = false;
};

struct GrowingSuite {
  /// The text of a suite file (conformance/schemas/suite.schema.json).
  std::string text = {};
  /// Beside the two of sanity, with which each run begins and ends.
  std::size_t check_count = 1;
  BareWork bare = {};
};

/// One direction of growth.
struct Growth {
  const char* name;
  /// Behind the number, in the names of benchmarks: "" or "MiB".
  const char* unit;
  std::span<const std::size_t> sizes;
  GrowingSuite (*make)(std::size_t size);
  /// Whether what lies between checks grows too, so that the whole run is to be measured.
  bool is_of_run = false;
};

/// Checks, frames, proven segments, the payload of a frame, connections that are open at a time.
std::span<const Growth> growths();

}  // namespace framespec::bench
