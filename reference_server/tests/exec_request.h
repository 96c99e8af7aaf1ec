// Asking a server to run a command.
#pragma once

#include <gtest/gtest.h>
#include <sys/types.h>

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <string>
#include <vector>

#include "plain_socket.h"
#include "server_process.h"

namespace framespec::server::testing {

/// The payload of the only reply, in int32.
inline std::string answer_to(const ServerProcess& server, const std::string& command) {
  PlainSocket peer(server.address());
  EXPECT_TRUE(peer.send(int32_frame(command)));
  peer.finish_sending();
  const RestOfStream rest = peer.receive_rest();
  EXPECT_EQ(rest.end, StreamEnd::kFin);
  EXPECT_GE(rest.bytes.size(), 4U);
  std::string output = rest.bytes.substr(std::min<std::size_t>(4, rest.bytes.size()));
  EXPECT_EQ(rest.bytes, int32_frame(output));
  return output;
}

/// The arguments of a server that allows `commands`.
inline std::vector<std::string> allowing(const std::vector<std::string>& commands,
                                         std::vector<std::string> arguments = {}) {
  arguments.insert(arguments.end(), {"--service", "exec"});
  if (std::ranges::count(arguments, "--exec-timeout") == 0) {
    arguments.insert(arguments.end(), {"--exec-timeout", "60"});  // for a loaded machine
  }
  for (const std::string& command : commands) {
    arguments.insert(arguments.end(), {"--exec-allow", command});
  }
  return arguments;
}

/// The states of the children of `parent`, a letter each: "Z" is one zombie.
inline std::string states_of_children(pid_t parent) {
  const std::string id = std::to_string(parent);
  std::ifstream file("/proc/" + id + "/task/" + id + "/children");
  std::string states;
  for (std::string child; file >> child;) {
    std::ifstream stat("/proc/" + child + "/stat");
    std::string text;
    std::getline(stat, text);
    const std::size_t name_end = text.rfind(") ");
    states += name_end == std::string::npos ? '?' : text.at(name_end + 2);
  }
  return states;
}

/// The children of `parent`, zombies among them.
inline std::size_t children_of(pid_t parent) { return states_of_children(parent).size(); }

}  // namespace framespec::server::testing
