// Content in which a wrong offset or a repeated piece shows.
#pragma once

#include <cstddef>
#include <string>

namespace framespec::client::test {

inline std::string pattern(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t index = 0; index < size; ++index)
    bytes[index] = static_cast<char>(index * 31 + index / 251);
  return bytes;
}

}  // namespace framespec::client::test
