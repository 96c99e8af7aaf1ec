// Where replies are cut and joined: the writer, on a socket that keeps writes apart.
#include "reply_writer.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

#include "descriptor.h"
#include "framespec/dialect.h"
#include "framespec/encoder.h"
#include "reply_segmentation.h"

namespace framespec::server {
namespace {

using Sizes = std::vector<std::size_t>;

// A writer, and how many bytes each of its writes had: SOCK_SEQPACKET keeps them apart, however
// late they are read.
class WrittenReplies {
 public:
  explicit WrittenReplies(const std::string& segmentation, const std::string& dialect = "int32")
      : format_{.dialect = *find_dialect(dialect),
                .segmentation = *ReplySegmentation::parse(segmentation)} {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends.data()) != 0) throw std::bad_alloc();
    socket_.assign({AF_UNIX, 0}, ends[0]);
    peer_ = Descriptor(ends[1]);
  }

  // Runs `replies` to its end, as a service would. Then nothing more comes.
  void run(const std::function<asio::awaitable<Outcome>(ReplyWriter&)>& replies) {
    asio::co_spawn(io_, run_all(replies), asio::detached);
    // Between two writes, so that the queue is never full: records of several pieces wait in it.
    while (io_.run_one() > 0) read();
    read();
  }

  const Sizes& sizes() const { return sizes_; }
  const std::string& bytes() const { return bytes_; }
  const Outcome& outcome() const { return outcome_; }

 private:
  asio::awaitable<void> run_all(std::function<asio::awaitable<Outcome>(ReplyWriter&)> replies) {
    outcome_ = co_await replies(writer_);
    const Outcome flushed = co_await writer_.flush();
    if (outcome_) outcome_ = flushed;
  }

  void read() {
    std::string record(std::size_t{1} << 20, '\0');
    for (;;) {
      const ssize_t size = ::recv(peer_.get(), record.data(), record.size(), MSG_DONTWAIT);
      if (size <= 0) return;
      sizes_.push_back(static_cast<std::size_t>(size));
      bytes_.append(record, 0, static_cast<std::size_t>(size));
    }
  }

  const ReplyFormat format_;
  asio::io_context io_{1};
  Socket socket_{io_};
  Descriptor peer_;
  ReplyWriter writer_{socket_, format_, [](bool) {}};
  Outcome outcome_;
  Sizes sizes_;
  std::string bytes_;
};

JsonHeader of_size(std::size_t size) { return {.filename = {}, .md5 = {}, .total_size = size}; }

// The sizes of the writes of replies with payloads of `payload_sizes`, to requests of one segment.
Sizes writes_of(const std::string& segmentation, const Sizes& payload_sizes) {
  WrittenReplies written(segmentation);
  written.run([&](ReplyWriter& writer) -> asio::awaitable<Outcome> {
    for (const std::size_t size : payload_sizes) {
      const std::string payload(size, 'x');
      const Outcome outcome = co_await writer.reply(as_bytes(payload), {});
      if (!outcome) co_return outcome;
    }
    co_return Outcome{};
  });
  EXPECT_TRUE(written.outcome());
  return written.sizes();
}

TEST(ReplySegmentation, cuts_each_reply_by_itself) {
  EXPECT_EQ(writes_of("whole", {6, 0}), (Sizes{10, 4}));
  EXPECT_EQ(writes_of("cut_at-3", {6, 2}), (Sizes{3, 7, 3, 3}));
  EXPECT_EQ(writes_of("cuts-1-8", {6}), (Sizes{1, 7, 2}));
  EXPECT_EQ(writes_of("chunk-4", {6}), (Sizes{4, 4, 2}));
  EXPECT_EQ(writes_of("byte_by_byte", {1, 0}), Sizes(9, 1));
}

TEST(ReplySegmentation, leaves_out_cuts_that_a_reply_is_too_short_for) {
  EXPECT_EQ(writes_of("cut_at-6", {1, 2, 3}), (Sizes{5, 6, 6, 1}));
  EXPECT_EQ(writes_of("cuts-2-6", {1}), (Sizes{2, 3}));
}

TEST(ReplySegmentation, joins_replies_and_cuts_across_them) {
  EXPECT_EQ(writes_of("coalesced-2", {1, 1, 1, 1, 1}), (Sizes{10, 10, 5}));
  EXPECT_EQ(writes_of("coalesced-99", {1, 1, 1}), (Sizes{15}));
  EXPECT_EQ(writes_of("straddled", {2, 2, 2}), (Sizes{3, 6, 6, 3}));
}

TEST(ReplySegmentation, draws_the_same_cuts_as_its_name_says_everywhere) {
  const auto drawn = Segmentation::random(104, 7);
  Sizes expected;
  std::uint64_t begin = 0;
  for (const std::uint64_t cut : drawn.cuts()) {
    expected.push_back(cut - begin);
    begin = cut;
  }
  expected.push_back(104 - begin);
  ASSERT_GT(expected.size(), 1U);
  EXPECT_EQ(writes_of("random-7", {100}), expected);
}

TEST(ReplySegmentation, cuts_the_front_of_a_large_reply_and_no_more) {
  constexpr std::size_t kFront = ReplySegmentation::kCutSizeMax;
  EXPECT_EQ(writes_of("cut_at-2", {100'000}), (Sizes{2, kFront - 2, 100'004 - kFront}));
  EXPECT_EQ(writes_of("chunk-30000", {100'000, 1}),
            (Sizes{30'000, 30'000, kFront - 60'000, 100'004 - kFront, 5}));
  // A large one that fits is cut everywhere.
  EXPECT_EQ(writes_of("chunk-30000", {60'000}), (Sizes{30'000, 30'000, 4}));
}

TEST(ReplySegmentation, joins_no_more_than_the_front) {
  const Sizes written = writes_of("coalesced-99", Sizes(40, 4'000));
  EXPECT_EQ(written, (Sizes{68'068, 68'068, 24'024}));
  EXPECT_EQ(writes_of("coalesced-99", {6, 100'000, 6}), (Sizes{65'536, 100'014 - 65'536, 10}));
}

TEST(ReplySegmentation, of_a_streamed_reply_is_that_of_the_whole) {
  const std::string payload(10, 'x');
  for (const std::size_t piece : {1U, 3U, 10U}) {
    WrittenReplies written("chunk-7", "amqp091");
    written.run([&](ReplyWriter& writer) -> asio::awaitable<Outcome> {
      Outcome outcome = co_await writer.begin(of_size(payload.size()), {});
      for (std::size_t at = 0; at < payload.size() && outcome; at += piece) {
        outcome = co_await writer.write(as_bytes(payload.substr(at, piece)));
      }
      if (outcome) outcome = co_await writer.end();
      co_return outcome;
    });
    ASSERT_TRUE(written.outcome());
    // Seven bytes before the payload and one behind it.
    EXPECT_EQ(written.sizes(), (Sizes{7, 7, 4})) << piece;
  }
}

TEST(ReplySegmentation, sends_what_is_whole_when_a_streamed_reply_is_left_off) {
  WrittenReplies written("coalesced-99");
  written.run([](ReplyWriter& writer) -> asio::awaitable<Outcome> {
    Outcome outcome = co_await writer.reply(as_bytes("ab"), {});
    if (outcome) outcome = co_await writer.begin(of_size(5), {});
    if (outcome) outcome = co_await writer.write(as_bytes("cd"));
    co_await writer.abandon();
    co_return outcome;
  });
  EXPECT_EQ(written.bytes(), std::string("\2\0\0\0ab", 6));
}

TEST(ReplySegmentation, holds_replies_before_the_work_of_a_service_where_they_are_to_be_joined) {
  for (const auto& [segmentation, expected] :
       {std::pair<std::string, Sizes>{"whole", {5, 5}}, {"coalesced-2", {10}}}) {
    WrittenReplies written(segmentation);
    written.run([](ReplyWriter& writer) -> asio::awaitable<Outcome> {
      Outcome outcome = co_await writer.reply(as_bytes("a"), {});
      if (outcome) outcome = co_await writer.flush_before_work();
      if (outcome) outcome = co_await writer.reply(as_bytes("b"), {});
      co_return outcome;
    });
    EXPECT_EQ(written.sizes(), expected) << segmentation;
  }
}

TEST(ReplySegmentation, has_only_the_names_that_segmentations_have) {
  for (const char* name : {"", "joined", "cut_at", "cut_at-0", "cuts-3-2", "chunk-0", "random-x",
                           "coalesced-0", "cut_at-65536"}) {
    EXPECT_FALSE(ReplySegmentation::parse(name)) << name;
  }
  EXPECT_TRUE(ReplySegmentation::parse("straddled")->joins());
  EXPECT_FALSE(ReplySegmentation::parse("cut_at-65535")->joins());
}

// A pair of stream sockets, of which ours holds little that the peer has not read.
struct NarrowStream {
  NarrowStream() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0) throw std::bad_alloc();
    socket.assign({AF_UNIX, 0}, ends[0]);
    peer = Descriptor(ends[1]);
    socket.set_option(asio::socket_base::send_buffer_size(1));
  }

  // Replies of `reply_size` bytes until there are `size` bytes of them (small ones are gathered),
  // and their end.
  void run(ReplyWriter& writer, std::size_t size, std::size_t reply_size = 1'000) {
    const std::string payload = payload_of(reply_size);
    const auto replies = [&]() -> asio::awaitable<void> {
      for (std::size_t sent = 0; sent < size && outcome; sent += reply_size) {
        outcome = co_await writer.reply(as_bytes(payload), {});
      }
      if (outcome) outcome = co_await writer.flush();
    };
    asio::co_spawn(io, replies(), asio::detached);
    while (io.poll_one() > 0 || !io.stopped()) {
      if (peer.is_open()) receive();
    }
    if (peer.is_open()) receive();
  }

  // Whether that is what has come. No two parts of a reply are alike.
  [[nodiscard]] bool is_of_replies(std::size_t size, std::size_t reply_size = 1'000) const {
    ByteVector replies;
    for (std::size_t sent = 0; sent < size; sent += reply_size) {
      if (!append_frame(replies, *find_dialect("int32"), as_bytes(payload_of(reply_size)), {})) {
        return false;
      }
    }
    return std::ranges::equal(as_bytes(received), replies);
  }

  asio::io_context io{1};
  Socket socket{io};
  Descriptor peer;
  Outcome outcome;

 private:
  static std::string payload_of(std::size_t reply_size) {
    std::string payload(reply_size - 4, '\0');
    for (std::size_t i = 0; i < payload.size(); ++i) {
      payload[i] = static_cast<char>((i * 2'654'435'761U) >> 24U);
    }
    return payload;
  }

  void receive() {
    std::array<char, 4096> taken{};
    for (;;) {
      const ssize_t came = ::recv(peer.get(), taken.data(), taken.size(), MSG_DONTWAIT);
      if (came <= 0) return;
      received.append(taken.data(), static_cast<std::size_t>(came));
    }
  }

  std::string received;
};

TEST(ReplyWriter, writes_on_where_the_socket_takes_a_part_of_what_was_gathered) {
  NarrowStream stream;
  const ReplyFormat format{.dialect = *find_dialect("int32")};
  std::vector<bool> progress;
  ReplyWriter writer(stream.socket, format, [&](bool waiting) { progress.push_back(waiting); });
  stream.run(writer, 300'000);
  EXPECT_TRUE(stream.outcome);
  EXPECT_EQ(writer.bytes_written(), 300'000U);
  EXPECT_GT(std::ranges::count(progress, true), 5);
  EXPECT_FALSE(progress.back());
  EXPECT_TRUE(stream.is_of_replies(300'000));
}

TEST(ReplyWriter, writes_on_where_the_socket_takes_a_part_of_a_large_reply) {
  NarrowStream stream;
  const ReplyFormat format{.dialect = *find_dialect("int32")};
  int waits = 0;
  ReplyWriter writer(stream.socket, format, [&](bool waiting) { waits += waiting ? 1 : 0; });
  stream.run(writer, 1'200'000, 400'000);
  EXPECT_TRUE(stream.outcome);
  EXPECT_GT(waits, 5);
  EXPECT_EQ(writer.bytes_written(), 1'200'000U);
  EXPECT_TRUE(stream.is_of_replies(1'200'000, 400'000));
}

// In how many turns of the event loop `size` bytes are written that the socket has room for.
std::size_t turns_for(std::size_t size,
                      const std::function<asio::awaitable<Outcome>(ReplyWriter&)>& replies) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0) throw std::bad_alloc();
  const Descriptor peer(ends[1]);
  asio::io_context io{1};
  Socket socket(io, {AF_UNIX, 0}, ends[0]);
  const ReplyFormat format{.dialect = *find_dialect("int32")};
  ReplyWriter writer(socket, format, [](bool) {});
  bool has_ended = false;
  asio::co_spawn(io, replies(writer), [&](const std::exception_ptr&, const Outcome& outcome) {
    has_ended = outcome.has_value();
  });
  const std::size_t turns = io.run_for(std::chrono::minutes(1));
  EXPECT_TRUE(has_ended);
  EXPECT_EQ(writer.bytes_written(), size);
  return turns;
}

TEST(ReplyWriter, waits_for_nothing_where_a_large_reply_is_taken_whole) {
  const std::string payload(100'000, 'x');
  const auto turns =
      turns_for(100'004, [&](ReplyWriter& writer) { return writer.reply(as_bytes(payload), {}); });
  EXPECT_EQ(turns, turns_for(0, [](ReplyWriter& writer) { return writer.flush(); }));
}

TEST(ReplyWriter, gives_others_a_turn_with_every_chunk_that_is_streamed) {
  const auto turns = turns_for(100'004, [](ReplyWriter& writer) -> asio::awaitable<Outcome> {
    Outcome outcome = co_await writer.begin(of_size(100'000), {});
    const std::string chunk(10'000, 'x');
    for (int i = 0; i < 10 && outcome; ++i) outcome = co_await writer.write(as_bytes(chunk));
    if (outcome) outcome = co_await writer.end();
    co_return outcome;
  });
  EXPECT_GT(turns, 10U);
}

TEST(ReplyWriter, says_why_the_peer_takes_no_more_and_writes_nothing_after_that) {
  NarrowStream stream;
  stream.peer = Descriptor();
  const ReplyFormat format{.dialect = *find_dialect("int32")};
  ReplyWriter writer(stream.socket, format, [](bool) {});
  stream.run(writer, 10'000);
  ASSERT_FALSE(stream.outcome);
  EXPECT_EQ(stream.outcome.error().kind, EndKind::kReset);
  EXPECT_EQ(stream.outcome.error().detail, "Broken pipe");
  stream.outcome = {};
  stream.io.restart();
  stream.run(writer, 10'000);
  EXPECT_FALSE(stream.outcome);
  EXPECT_EQ(writer.bytes_written(), 0U);
}

}  // namespace
}  // namespace framespec::server
