// What is set on a connection's socket, asked of the socket itself: nothing else shows it for sure.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <memory>
#include <string>
#include <vector>

#include "listener.h"
#include "options.h"
#include "plain_socket.h"
#include "reply_writer.h"

namespace framespec::server {
namespace {

Options options_with(const char* option) {
  const std::vector<const char*> arguments{"framespec-server", "--listen", "127.0.0.1:0", option};
  auto options = parse_options(static_cast<int>(arguments.size()), arguments.data());
  return options.value();
}

int option_of(Socket& socket, int level, int name) {
  int value = -1;
  socklen_t size = sizeof(value);
  EXPECT_EQ(::getsockopt(socket.native_handle(), level, name, &value, &size), 0);
  return value;
}

// A connection that has been accepted as `options` say.
class Connection {
 public:
  explicit Connection(const Options& options)
      : listener_(open_listener(io_.get_executor(), options.listen.front(), options).value()),
        peer_(listener_->where()) {
    run(accept());
  }

  Socket& socket() { return accepted_.front().socket; }

  void run(asio::awaitable<void> work) {
    asio::co_spawn(io_, std::move(work), asio::detached);
    io_.restart();
    io_.run();
  }

 private:
  asio::awaitable<void> accept() {
    auto accepted = co_await listener_->accept();
    if (accepted) accepted_.push_back(*std::move(accepted));
  }

  asio::io_context io_;
  std::unique_ptr<Listener> listener_;
  testing::PlainSocket peer_;
  std::vector<Accepted> accepted_;
};

TEST(AcceptedSocket, sends_small_answers_at_once_unless_told_not_to) {
  Connection at_once(options_with("--nodelay"));
  EXPECT_EQ(option_of(at_once.socket(), IPPROTO_TCP, TCP_NODELAY), 1);
  Connection gathered(options_with("--no-nodelay"));
  EXPECT_EQ(option_of(gathered.socket(), IPPROTO_TCP, TCP_NODELAY), 0);
}

TEST(AcceptedSocket, notices_within_minutes_that_its_host_has_vanished) {
  Connection connection(options_with("--nodelay"));
  Socket& socket = connection.socket();
  EXPECT_EQ(option_of(socket, SOL_SOCKET, SO_KEEPALIVE), 1);
  const int seconds =
      option_of(socket, IPPROTO_TCP, TCP_KEEPIDLE) +
      option_of(socket, IPPROTO_TCP, TCP_KEEPINTVL) * option_of(socket, IPPROTO_TCP, TCP_KEEPCNT);
  EXPECT_EQ(seconds, 240);
}

asio::awaitable<void> write_and_look(Socket& socket, const Options& options) {
  const ReplyFormat format{options.dialect, options.replies, options.cork};
  ReplyWriter writer(socket, format, [](bool) {});
  const ByteVector payload(20'000);  // large enough to be written before flush()
  EXPECT_TRUE(co_await writer.reply(payload, {}));
  EXPECT_EQ(option_of(socket, IPPROTO_TCP, TCP_CORK), options.cork ? 1 : 0);
  EXPECT_TRUE(co_await writer.flush());
  EXPECT_EQ(option_of(socket, IPPROTO_TCP, TCP_CORK), 0);
}

TEST(AcceptedSocket, is_corked_while_answers_are_written_if_that_is_asked_for) {
  for (const char* option : {"--nodelay", "--cork"}) {
    const Options options = options_with(option);
    Connection connection(options);
    connection.run(write_and_look(connection.socket(), options));
  }
}

}  // namespace
}  // namespace framespec::server
