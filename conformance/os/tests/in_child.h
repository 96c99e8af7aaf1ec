// Something that a process can do to itself only once, done in a child of the test.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <exception>
#include <functional>
#include <string>

namespace framespec::os {

/// What `say` gives in a child of this process, which must have no other thread; how the child
/// ended, where it is not that it said all.
inline std::string in_child(const std::function<std::string()>& say) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) return "no pipe";
  const pid_t child = ::fork();
  if (child == 0) {
    std::string said;
    try {
      said = say();
    } catch (const std::exception& problem) {
      said = problem.what();
    }
    const auto written = ::write(ends[1], said.data(), said.size());
    ::_exit(written == static_cast<ssize_t>(said.size()) ? 0 : 1);
  }
  ::close(ends[1]);
  std::string said;
  std::array<char, 4096> piece{};
  for (ssize_t count = 0; (count = ::read(ends[0], piece.data(), piece.size())) > 0;) {
    said.append(piece.data(), static_cast<std::size_t>(count));
  }
  ::close(ends[0]);
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child) return "no child";
  if (status != 0) return "the child ended with status " + std::to_string(status);
  return said;
}

/// Whether this says that the machine allows no network of one's own, or no look at packets.
inline bool is_refusal(const std::string& said) {
  return said.starts_with("unshare: ") || said.starts_with("the ids of ") ||
         said.starts_with("packets cannot be seen here");
}

}  // namespace framespec::os
