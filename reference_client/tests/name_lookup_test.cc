// Looking up a name must not take longer than it may, whatever the system does.
#include "name_lookup.h"

#include <gtest/gtest.h>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <memory>
#include <optional>
#include <semaphore>

namespace framespec::client::test {
namespace {

using namespace std::chrono_literals;

const asio::ip::tcp::endpoint kSomewhere(asio::ip::address_v4::loopback(), 7);

// A system that answers when it is told to.
class SlowSystem {
 public:
  std::function<Addresses(std::string, std::string)> ask() {
    // Goes with the last copy of the function, which is the thread's.
    const std::shared_ptr<void> asked(nullptr,
                                      [state = state_](void*) { state->is_over.release(); });
    return [state = state_, asked](const std::string&, const std::string&) {
      state->may_answer.acquire();
      return Addresses({kSomewhere});
    };
  }

  // Returns when the thread of the lookup has nothing left to do.
  void answer() {
    state_->may_answer.release();
    state_->is_over.acquire();
  }

 private:
  struct State {
    std::binary_semaphore may_answer{0};
    std::binary_semaphore is_over{0};
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

void start(asio::io_context& context, std::chrono::milliseconds limit,
           std::function<Addresses(std::string, std::string)> ask,
           std::optional<Addresses>& addresses) {
  asio::co_spawn(context, look_up("host", "7", limit, std::move(ask)),
                 [&addresses](const std::exception_ptr& thrown, Addresses found) {
                   EXPECT_FALSE(thrown);
                   addresses = std::move(found);
                 });
}

TEST(NameLookup, GivesWhatTheSystemAnswers) {
  asio::io_context context(1);
  std::optional<Addresses> addresses;
  std::string asked;
  start(
      context, 0ms,
      [&asked](const std::string& host, const std::string& port) {
        asked = host + ":" + port;
        return Addresses({kSomewhere});
      },
      addresses);
  context.run();
  ASSERT_TRUE(addresses && *addresses);
  EXPECT_EQ(**addresses, std::vector{kSomewhere});
  EXPECT_EQ(asked, "host:7");
}

TEST(NameLookup, GivesTheReasonWhenThereIsNoAnswer) {
  asio::io_context context(1);
  std::optional<Addresses> addresses;
  start(
      context, 0ms,
      [](const std::string&, const std::string&) { return Addresses(std::unexpect, "unknown"); },
      addresses);
  context.run();
  ASSERT_TRUE(addresses && !*addresses);
  EXPECT_EQ(addresses->error(), "unknown");
}

TEST(NameLookup, EndsAtTheLimitAndAnAnswerThatComesLaterIsDropped) {
  SlowSystem system;
  asio::io_context context(1);
  std::optional<Addresses> addresses;
  start(context, 20ms, system.ask(), addresses);
  context.run();
  ASSERT_TRUE(addresses && !*addresses);
  EXPECT_EQ(addresses->error(), "no answer in time");
  system.answer();
}

// As after a signal: a context that waited for the thread would wait for ever.
TEST(NameLookup, TheContextMayGoWhileTheSystemIsAsked) {
  SlowSystem system;
  std::optional<Addresses> addresses;
  auto context = std::make_unique<asio::io_context>(1);
  start(*context, 0ms, system.ask(), addresses);
  context->poll();
  context.reset();
  EXPECT_FALSE(addresses);
  system.answer();
}

TEST(NameLookup, TheSystemKnowsNumbers) {
  const Addresses ipv4 = ask_system("127.0.0.1", "7");
  ASSERT_TRUE(ipv4) << ipv4.error();
  EXPECT_EQ(*ipv4, std::vector{kSomewhere});
  const Addresses ipv6 = ask_system("::1", "7");
  ASSERT_TRUE(ipv6) << ipv6.error();
  EXPECT_EQ(ipv6->front(), asio::ip::tcp::endpoint(asio::ip::address_v6::loopback(), 7));
}

}  // namespace
}  // namespace framespec::client::test
