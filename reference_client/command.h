// The four things the client can do, each a coroutine on an open connection.
#pragma once

#include <asio/awaitable.hpp>
#include <variant>

#include "connection.h"
#include "console.h"
#include "failure.h"
#include "options.h"
#include "output_stream.h"
#include "temporary_file.h"

namespace framespec::client {

/// Where `get` is to store its file.
using GetTarget = std::variant<FileTarget, OutputStream>;

/// What every command works with. All of it outlives the command.
struct Session {
  const Options& options;
  const Console& console;
  Connection& connection;
};

/// Sends messages and prints their replies (send.cc).
asio::awaitable<Result<void>> send_messages(Session session, const SendOptions& send);

/// Sends one command and prints its reply as it came (exec.cc).
asio::awaitable<Result<void>> execute(Session session, const ExecOptions& exec);

/// What -o names, judged before the server is asked. A stream is open then: for a FIFO this waits
/// for its reader.
Result<GetTarget> target_of(const GetOptions& get);

/// Stores the reply to a file name (get.cc).
asio::awaitable<Result<void>> get_file(Session session, const GetOptions& get, GetTarget target);

/// Sends lines as they are typed and prints each reply (prompt.cc).
asio::awaitable<Result<void>> prompt(Session session);

}  // namespace framespec::client
