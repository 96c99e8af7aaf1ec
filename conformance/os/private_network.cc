#include "os/private_network.h"

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "os/error_text.h"

namespace framespec::os {
namespace {

std::unexpected<std::string> cannot(std::string_view what, int error) {
  return std::unexpected(std::string(what) + ": " + error_text(error));
}

bool write_to(const char* path, const std::string& text) {
  const int fd = ::open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool is_written =
      ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  return ::close(fd) == 0 && is_written;
}

/// Whoever owns files outside owns them inside too.
bool keep_ids(uid_t user, gid_t group) {
  const auto itself = [](auto id) { return std::to_string(id) + " " + std::to_string(id) + " 1"; };
  return write_to("/proc/self/setgroups", "deny") && write_to("/proc/self/uid_map", itself(user)) &&
         write_to("/proc/self/gid_map", itself(group));
}

std::expected<void, std::string> bring_loopback_up() {
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return cannot("socket", errno);
  ifreq request{};
  std::ranges::copy(std::string_view("lo"), request.ifr_name);
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  const int error = ::ioctl(fd, SIOCSIFFLAGS, &request) == 0 ? 0 : errno;
  ::close(fd);
  if (error != 0) return cannot("the loopback interface of a new network namespace", error);
  return {};
}

}  // namespace

std::expected<void, std::string> enter_private_network(NetworkRight right) {
  const uid_t user = ::geteuid();
  const gid_t group = ::getegid();
  const bool is_of_user = right == NetworkRight::kUserNamespace;
  if (::unshare(CLONE_NEWNET | (is_of_user ? CLONE_NEWUSER : 0)) != 0) {
    return cannot("unshare", errno);
  }
  if (is_of_user && !keep_ids(user, group)) {
    return cannot("the ids of a new user namespace", errno);
  }
  return bring_loopback_up();
}

}  // namespace framespec::os
