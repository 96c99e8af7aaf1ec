// The addresses of a host, without waiting longer than the user wants to.
#pragma once

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/ip/tcp.hpp>
#include <chrono>
#include <expected>
#include <functional>
#include <string>
#include <vector>

namespace framespec::client {

/// What a name stands for, in the order in which to try it, or why that cannot be said.
using Addresses = std::expected<std::vector<asio::ip::tcp::endpoint>, std::string>;

/// Asks the system (getaddrinfo): hosts file, name servers, whatever it is set up for. May take as
/// long as it likes and cannot be interrupted.
Addresses ask_system(const std::string& host, const std::string& port);

/// Runs `ask` in a thread of its own and gives its answer; "no answer in time" after `limit` (0:
/// none). The thread then goes on by itself, and nobody waits for it: not this coroutine, not the
/// executor's context when it is destroyed, not the end of the process.
asio::awaitable<Addresses> look_up(std::string host, std::string port,
                                   std::chrono::milliseconds limit,
                                   std::function<Addresses(std::string, std::string)> ask);

}  // namespace framespec::client
