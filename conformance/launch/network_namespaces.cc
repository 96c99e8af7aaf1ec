#include "launch/network_namespaces.h"

#include <fmt/format.h>

#include <filesystem>
#include <set>
#include <system_error>

namespace framespec::conformance {

NetworkNamespaces other_network_namespaces(std::span<const pid_t> processes,
                                           std::size_t namespaces_max) {
  namespace fs = std::filesystem;
  std::error_code error;
  std::set<std::string> known{fs::read_symlink("/proc/self/ns/net", error).string()};
  NetworkNamespaces found;
  for (const pid_t pid : processes) {
    if (found.paths.size() >= namespaces_max) break;
    const std::string path = fmt::format("/proc/{}/ns/net", pid);
    const std::string name = fs::read_symlink(path, error).string();
    // A process that has ended meanwhile hides nothing.
    if (error == std::errc::permission_denied) ++found.hidden;
    if (!error && known.insert(name).second) found.paths.push_back(path);
  }
  return found;
}

}  // namespace framespec::conformance
