#include "launch/socket_owner.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "launch/launch.h"
#include "launch/network_namespaces.h"
#include "launch/server_testee.h"
#include "launch/unique_fd.h"
#include "os/processes.h"

namespace framespec::conformance {
namespace {

std::uint64_t inode_of(const UniqueFd& fd) {
  struct stat status{};
  EXPECT_TRUE(fd);
  if (!fd) return 0;
  EXPECT_EQ(fstat(fd.get(), &status), 0);
  return status.st_ino;
}

UniqueFd any_socket() { return UniqueFd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)); }

TEST(SocketOwner, IsFoundAmongAllAndKnownByItsName) {
  const UniqueFd fd = any_socket();
  const auto owner = find_socket_owner(inode_of(fd), 0);
  ASSERT_TRUE(owner.has_value());
  EXPECT_EQ(owner->pid, getpid());
  EXPECT_EQ(owner->name, os::name_of_process(getpid()));
  EXPECT_FALSE(owner->is_descendant);
}

TEST(SocketOwner, DescendsFromWhoStartedIt) {
  const UniqueFd fd = any_socket();
  const auto owner = find_socket_owner(inode_of(fd), getppid());
  ASSERT_TRUE(owner.has_value());
  EXPECT_EQ(owner->pid, getpid());
  EXPECT_TRUE(owner->is_descendant);
}

TEST(SocketOwner, IsNobodyOnceTheSocketIsClosed) {
  UniqueFd fd = any_socket();
  const std::uint64_t inode = inode_of(fd);
  fd.close();
  EXPECT_FALSE(find_socket_owner(inode, 0).has_value());
}

TEST(SocketOwner, OfALaunchedTesteeIsNotWhoLaunchesIt) {
  ServerTestee testee(ServerTestee::Launch{
      .command = "exec python3 -c 'import socket, sys; socket.create_server((\"127.0.0.1\", "
                 "int(sys.argv[1]))).accept()' {port}",
      .values = {}});
  const auto ready = testee.ensure_ready();
  ASSERT_TRUE(ready.has_value()) << ready.error().reason;
  const UniqueFd fd = any_socket();
  const auto ours = testee.owner_of_socket(inode_of(fd));
  ASSERT_TRUE(ours.has_value());
  EXPECT_FALSE(ours->is_descendant);
  EXPECT_TRUE(testee.network_namespaces().paths.empty());
}

TEST(NetworkNamespaces, OfOurOwnProcessesAreNoOthers) {
  const std::array<pid_t, 2> both{getpid(), getppid()};
  const auto found = other_network_namespaces(both, 64);
  EXPECT_TRUE(found.paths.empty());
}

TEST(NetworkNamespaces, OfAProcessThatHasLeftOursIsAnotherAndNamedOnce) {
  std::array<int, 2> told{};
  std::array<int, 2> over{};
  ASSERT_EQ(pipe2(told.data(), O_CLOEXEC), 0);
  ASSERT_EQ(pipe2(over.data(), O_CLOEXEC), 0);
  const pid_t child = fork();
  if (child == 0) {
    const char has_left = unshare(CLONE_NEWNET) == 0 ? 1 : 0;
    char end = 0;
    close(over[1]);
    if (write(told[1], &has_left, 1) == 1) static_cast<void>(read(over[0], &end, 1));
    _exit(0);
  }
  close(told[1]);
  close(over[0]);
  char has_left = 0;
  EXPECT_EQ(read(told[0], &has_left, 1), 1);
  const std::array<pid_t, 3> processes{getpid(), child, child};
  const auto found = other_network_namespaces(processes, 64);
  // Where it may not leave ours, it is seen to be in it.
  EXPECT_EQ(found.paths.size(), has_left == 1 ? 1U : 0U);
  EXPECT_EQ(found.hidden, 0U);
  EXPECT_TRUE(other_network_namespaces(processes, 0).paths.empty());
  close(told[0]);
  close(over[1]);
  EXPECT_EQ(waitpid(child, nullptr, 0), child);
}

}  // namespace
}  // namespace framespec::conformance
