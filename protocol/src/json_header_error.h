// What is wrong with a JSON header, in the words that a user reads.
#pragma once

#include <string>
#include <string_view>

#include "framespec/json_header.h"

namespace framespec {

/// `what` becomes a sentence that names the position.
inline JsonHeaderError json_header_error(std::size_t position, ErrorKind kind,
                                         std::string_view what) {
  return {kind, position, "header byte " + std::to_string(position) + ": " + std::string(what)};
}

}  // namespace framespec
