// Asking a server for a file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "framespec/md5.h"
#include "plain_socket.h"
#include "temporary_folder.h"

namespace framespec::server::testing {

/// The arguments of a server that serves `folder`.
inline std::vector<std::string> serving(const TemporaryFolder& folder,
                                        std::vector<std::string> arguments = {}) {
  arguments.insert(arguments.end(), {"--service", "file:" + folder.path()});
  return arguments;
}

/// A request for the file `name` in the dialect json.
inline std::string json_request(const std::string& name) {
  return int32_frame(R"({"filename": "request", "md5": ")" + md5_of(as_bytes(name)) +
                     R"(", "total_size": )" + std::to_string(name.size()) + "}") +
         name;
}

inline std::uint64_t little_endian(const std::string& bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) {
    value = value << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return value;
}

}  // namespace framespec::server::testing
