// Where the fields of frames begin and end: around there cuts find most.
#pragma once

#include <cstdint>
#include <vector>

#include "framespec/bytes.h"
#include "framespec/dialect.h"
#include "suite/plan.h"

namespace framespec::conformance {

/// The edges between the fields of one frame (lead, length, header, payload, trailer), ascending;
/// without its own beginning and end. Of a frame that breaks a rule those before that.
std::vector<std::uint64_t> field_edges_of_frame(const Dialect& dialect, Bytes frame);

/// The edges of the frames that end at `send.frame_ends`, and between their fields, ascending; none
/// where there is no frame.
std::vector<std::uint64_t> field_edges_of(const Dialect& dialect, const Send& send);

}  // namespace framespec::conformance
