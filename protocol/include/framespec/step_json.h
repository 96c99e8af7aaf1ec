// Steps as JSON: the form of `framespec list --json`, of replay files and of events.
#pragma once

#include <cstddef>
#include <expected>
#include <limits>
#include <string>
#include <string_view>

#include "framespec/step.h"

namespace framespec {

/// The step as one JSON object on one line, such as {"on":"main","do":"send","bytes":"00000000",
/// "frame_ends":[4],"coalesced":false,"with_end":false,"cuts":[2]}. docs/vectors.md tells each
/// member. Bytes of more than `hex_max`, in one piece or in the payloads of a step, are given by
/// size and md5 instead of in hex; parse_step() does not read those back. ASCII alone: no text is a
/// control to a terminal.
std::string to_json(const Step& step,
                    std::size_t hex_max = std::numeric_limits<std::size_t>::max());

/// What is wrong with the text of a step.
struct StepError {
  std::string path;     ///< a JSON path such as "$.cuts[2]", "$" for the whole
  std::string message;  ///< what was found, and what is allowed; of bounded size
};

/// The step that `json` stands for: an equal one, if to_json() wrote it with all bytes in hex.
/// Unknown members are errors, and cuts, frame ends or copies that do not fit the bytes.
///
/// A person may write less: "text" for "bytes" and "until_text" for "until", in UTF-8; the name of
/// a shipped dialect for the whole of it; and nothing for "frame_ends", which then are none.
std::expected<Step, StepError> parse_step(std::string_view json);

}  // namespace framespec
