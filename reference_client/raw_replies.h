// Replies without boundaries: bytes are printed as they come.
#pragma once

#include <asio/awaitable.hpp>

#include "connection.h"
#include "failure.h"
#include "standard_output.h"

namespace framespec::client {

/// Prints what one receive gives, and what else is there already: the article's idea of a reply.
/// False at the end of the stream.
asio::awaitable<Result<bool>> print_one_receive(Connection& connection, StandardOutput& output);

/// Prints everything up to the end of the stream.
asio::awaitable<Result<void>> print_to_the_end(Connection& connection, StandardOutput& output);

}  // namespace framespec::client
