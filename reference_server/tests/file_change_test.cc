// Files that change under the server, and what it must not open, or read on.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include "file_request.h"
#include "server_process.h"

namespace framespec::server::testing {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSize = 64 << 20;

// What comes of a file of zeros that is sent in `dialect`, prefix and header left out. The peer
// stops reading in the middle, something is done to the file, the peer reads on.
RestOfStream receive_while(const std::function<void(const std::string& path)>& act,
                           const std::string& dialect, std::string& log) {
  const TemporaryFolder folder;
  folder.write("file", "");
  fs::resize_file(folder.path("file"), kSize);
  const ServerProcess server(serving(folder, {"--dialect", dialect}));
  PlainSocket peer(server.address());
  EXPECT_TRUE(peer.send(dialect == "json" ? json_request("file") : int32_frame("file")));
  // Nothing comes while an md5 is worked out.
  EXPECT_TRUE(peer.is_readable_within(600'000));
  const std::uint64_t prefix = little_endian(peer.receive(4));
  if (dialect == "json") {
    EXPECT_EQ(nlohmann::json::parse(peer.receive(prefix)).at("total_size"), kSize);
  } else {
    EXPECT_EQ(prefix, kSize);
  }
  act(folder.path("file"));
  peer.finish_sending();
  RestOfStream rest = peer.receive_rest();
  EXPECT_TRUE(server.wait_for_log("connection_closed"));
  log = server.log();
  return rest;
}

RestOfStream receive_while_changing(const std::function<void(const std::string& path)>& change,
                                    const std::string& dialect = "int32") {
  std::string log;
  RestOfStream rest = receive_while(change, dialect, log);
  EXPECT_NE(log.find("end=no_answer"), std::string::npos) << log;
  EXPECT_NE(log.find("changed while it was sent"), std::string::npos) << log;
  return rest;
}

void expect_whole_although(const std::function<void(const std::string& path)>& act,
                           const std::string& dialect) {
  std::string log;
  const RestOfStream rest = receive_while(act, dialect, log);
  EXPECT_EQ(rest.bytes.size(), kSize) << log;
  EXPECT_EQ(rest.bytes.find_first_not_of('\0'), std::string::npos);
  EXPECT_EQ(rest.end, StreamEnd::kFin);
  EXPECT_NE(log.find("end=clean"), std::string::npos) << log;
}

class Dialects : public ::testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(File, Dialects, ::testing::Values("int32", "json"),
                         [](const auto& test) { return std::string(test.param); });

TEST_P(Dialects, a_file_that_is_replaced_while_it_is_sent_arrives_whole) {
  expect_whole_although(
      [](const std::string& path) {
        std::ofstream(path + ".new") << "another";
        fs::rename(path + ".new", path);
      },
      GetParam());
}

TEST_P(Dialects, a_file_that_is_removed_while_it_is_sent_arrives_whole) {
  expect_whole_although([](const std::string& path) { fs::remove(path); }, GetParam());
}

TEST_P(Dialects, a_file_that_gets_other_names_and_rights_while_it_is_sent_arrives_whole) {
  expect_whole_although(
      [](const std::string& path) {
        fs::create_hard_link(path, path + ".link");
        fs::rename(path, path + ".moved");
        fs::permissions(path + ".link", fs::perms::owner_read);
      },
      GetParam());
}

TEST(File, whose_time_alone_moves_arrives_whole_where_an_md5_says_what_it_held) {
  expect_whole_although(
      [](const std::string& path) {
        fs::last_write_time(path, fs::file_time_type::clock::now() + std::chrono::hours(1));
      },
      "json");
}

// The same size, written in place where the server has not read yet.
void overwrite_the_end(const std::string& path) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(kSize - 7);
  file << "changed";
}

TEST_P(Dialects, a_file_that_is_rewritten_in_place_while_it_is_sent_never_looks_complete) {
  const RestOfStream rest = receive_while_changing(overwrite_the_end, GetParam());
  EXPECT_LT(rest.bytes.size(), kSize);
  EXPECT_EQ(rest.end, StreamEnd::kFin);
}

TEST_P(Dialects, a_file_that_shrinks_while_it_is_sent_ends_the_connection_inside_the_frame) {
  const RestOfStream rest = receive_while_changing(
      [](const std::string& path) { fs::resize_file(path, 1000); }, GetParam());
  EXPECT_LT(rest.bytes.size(), kSize);
  EXPECT_EQ(rest.end, StreamEnd::kFin);
}

TEST_P(Dialects, a_file_that_grows_while_it_is_sent_never_looks_complete) {
  const RestOfStream rest = receive_while_changing(
      [](const std::string& path) { std::ofstream(path, std::ios::app) << "more"; }, GetParam());
  EXPECT_LT(rest.bytes.size(), kSize);
  EXPECT_EQ(rest.end, StreamEnd::kFin);
}

// The payload of a whole reply, whose md5 must be right; nothing if the reply is not whole.
std::optional<std::string> receive_checked(PlainSocket& peer) {
  const std::string prefix = peer.receive(4);
  if (prefix.size() < 4) return std::nullopt;
  const auto header = nlohmann::json::parse(peer.receive(little_endian(prefix)));
  const auto size = header.at("total_size").get<std::size_t>();
  std::string payload = peer.receive(size);
  if (payload.size() < size) return std::nullopt;
  EXPECT_EQ(header.at("md5"), md5_of(as_bytes(payload)));
  return payload;
}

TEST(File, that_changes_twice_within_a_clock_tick_has_its_new_md5) {
  const TemporaryFolder folder;
  const ServerProcess server(serving(folder, {"--dialect", "json"}));
  PlainSocket peer(server.address());
  std::ofstream file(folder.path("file"));
  for (int i = 0; i < 50; ++i) {
    const std::string content = i % 2 == 0 ? "even" : "odd.";
    file.seekp(0);
    file << content << std::flush;
    ASSERT_TRUE(peer.send(json_request("file")));
    ASSERT_EQ(receive_checked(peer), content);
  }
}

// Maps a file for writing; its times follow only now and then.
class MappedFile {
 public:
  static constexpr std::size_t kSize = 4096;

  explicit MappedFile(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    void* const address = ::mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    ::close(fd);
    if (address == MAP_FAILED) throw std::runtime_error("cannot map " + path);
    bytes_ = static_cast<char*>(address);
  }
  ~MappedFile() { ::munmap(bytes_, kSize); }
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  void fill(char byte) { std::fill_n(bytes_, kSize, byte); }

 private:
  char* bytes_ = nullptr;
};

TEST(File, that_is_written_through_a_mapping_never_looks_whole_with_a_wrong_md5) {
  const TemporaryFolder folder;
  folder.write("file", std::string(MappedFile::kSize, '-'));
  MappedFile mapping(folder.path("file"));
  mapping.fill('1');
  const ServerProcess server(serving(folder, {"--dialect", "json"}));
  const auto get = [&] {
    PlainSocket peer(server.address());
    EXPECT_TRUE(peer.send(json_request("file")));
    peer.finish_sending();
    return receive_checked(peer);
  };
  // Its digest is remembered only when its last change is two seconds old, and only then can be
  // wrong.
  ASSERT_TRUE(eventually([&] {
    return fs::file_time_type::clock::now() - fs::last_write_time(folder.path("file")) >
           std::chrono::milliseconds(2200);
  }));
  EXPECT_EQ(get(), std::string(MappedFile::kSize, '1'));
  mapping.fill('2');
  get();
  EXPECT_EQ(get(), std::string(MappedFile::kSize, '2'));
}

TEST(File, is_not_read_on_for_a_peer_that_is_gone) {
  const TemporaryFolder folder;
  folder.write("file", "");
  fs::resize_file(folder.path("file"), 256ULL << 30);  // sparse; its md5 takes minutes
  const ServerProcess server(serving(folder, {"--dialect", "json"}));
  PlainSocket peer(server.address());
  ASSERT_TRUE(peer.send(json_request("file")));
  EXPECT_FALSE(peer.is_readable_within(100));
  peer.reset();
  EXPECT_TRUE(server.wait_for_log("end=reset")) << server.log();
}

TEST(File, is_sent_to_everybody_although_descriptors_are_few) {
  const TemporaryFolder folder;
  // More than the kernel's queues hold, so that each stays open until its peer reads.
  folder.write("file", std::string(8'000'000, 'x'));
  const ServerProcess server(serving(folder), {.descriptors_max = 48});
  std::vector<PlainSocket> peers;
  for (int i = 0; i < 30; ++i) {
    peers.emplace_back(server.address());
    ASSERT_TRUE(peers.back().send(int32_frame("file")));
    peers.back().finish_sending();
  }
  for (PlainSocket& peer : peers) EXPECT_EQ(peer.receive_rest().bytes.size(), 8'000'004U);
}

TEST(NotServed, a_fifo_whose_writer_goes_on_waiting_for_its_reader) {
  const TemporaryFolder folder;
  const std::string path = folder.path("fifo");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  std::thread writer([&] {
    std::signal(SIGPIPE, SIG_IGN);
    const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    EXPECT_EQ(::write(fd, "precious", 8), 8) << "the server has released the writer";
    ::close(fd);
  });
  const ServerProcess server(serving(folder));
  for (int i = 0; i < 20; ++i) {
    PlainSocket peer(server.address());
    EXPECT_TRUE(peer.send(int32_frame("fifo")));
    EXPECT_EQ(peer.receive_rest().bytes, "");
  }
  const int fd = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  pollfd state{.fd = fd, .events = POLLIN, .revents = 0};
  EXPECT_EQ(::poll(&state, 1, 60'000), 1);
  writer.join();
  std::string content(8, '\0');
  EXPECT_EQ(::read(fd, content.data(), content.size()), 8);
  EXPECT_EQ(content, "precious");
  ::close(fd);
}

}  // namespace
}  // namespace framespec::server::testing
