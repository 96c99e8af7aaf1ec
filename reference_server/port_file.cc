#include "port_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <system_error>
#include <utility>

namespace framespec::server {

std::expected<PortFile, std::string> PortFile::write(const std::string& path,
                                                     const std::string& text) {
  const std::string unfinished = fmt::format("{}.{}", path, ::getpid());
  std::ofstream file(unfinished, std::ios::trunc);
  file << text;
  file.close();
  if (file && std::rename(unfinished.c_str(), path.c_str()) == 0) return PortFile(path);
  const std::string why = std::generic_category().message(errno);
  ::unlink(unfinished.c_str());
  return std::unexpected(fmt::format("cannot write the port file {}: {}", path, why));
}

PortFile::PortFile(PortFile&& other) noexcept : path_(std::exchange(other.path_, {})) {}

PortFile::~PortFile() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

}  // namespace framespec::server
