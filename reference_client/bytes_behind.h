// What a server sends behind the last answer that was due.
#pragma once

#include <asio/awaitable.hpp>
#include <cstdint>
#include <string>

#include "command.h"

namespace framespec::client {

/// How many bytes came that nothing had been asked for, once every answer has come and nothing more
/// is to be sent. `left` of them have been received already.
///
/// The sending side is closed, upon which a right server closes too (EOS-4); everything up to its
/// close is behind. The wait is bounded: by --timeout for the whole of it, and by a mebibyte. It
/// fails if neither the end nor a byte comes: the server is silent, or the connection is lost.
/// Under --no-half-close the sending side stays open, and what has come by now is all.
asio::awaitable<Result<std::uint64_t>> bytes_behind(Session session, std::uint64_t left);

/// "7 bytes came behind the WHAT; they were not asked for".
std::string told_of_bytes_behind(std::uint64_t count, std::string_view what);

}  // namespace framespec::client
