// The vectors of protocol/vectors/*.json (see the README there).
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "framespec/transcript.h"

namespace framespec {

struct Vector {
  std::string name;
  std::vector<std::string> rules;
  Dialect dialect;
  DigestCheck digest = DigestCheck::kIgnore;
  ByteVector stream;
  Transcript expected;  ///< the error's detail is left empty
  std::string detail_contains;
};

/// The vectors of one file, by its name without ".json"; a sentence that names file and vector if
/// it is not as it must be.
std::expected<std::vector<Vector>, std::string> load_vectors(const std::string& file_name);

/// The names of all vector files, in order; their schema is none.
std::vector<std::string> vector_files();

}  // namespace framespec
