// How a test sees that a connection is served, and how the server says that one ended.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <string_view>

#include "plain_socket.h"
#include "server_process.h"

namespace framespec::server::testing {

/// One request in int32, and its echo.
inline void expect_echo(PlainSocket& peer, std::string_view payload = "still there") {
  const std::string frame = int32_frame(payload);
  ASSERT_TRUE(peer.send(frame));
  EXPECT_EQ(peer.receive(frame.size()), frame);
}

/// A new connection is served.
inline void expect_alive(const ServerProcess& server) {
  PlainSocket peer(server.address());
  expect_echo(peer);
}

/// The fields of the only line about the end of a connection, once it is there. For a server with
/// --log-format json.
inline nlohmann::json logged_end(const ServerProcess& server) {
  EXPECT_TRUE(server.wait_for_log("connection_closed"));
  std::istringstream lines(server.log());
  for (std::string line; std::getline(lines, line);) {
    const nlohmann::json fields = nlohmann::json::parse(line);
    if (fields.at("event") == "connection_closed") return fields;
  }
  return {};
}

}  // namespace framespec::server::testing
