// The file service: content, size, memory, and what it must not serve.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "file_request.h"
#include "framespec/md5.h"
#include "server_process.h"

namespace framespec::server::testing {
namespace {

namespace fs = std::filesystem;

// Content that a wrong offset or a repeated piece would not survive.
std::string numbered_lines(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += std::to_string(i) + "\n";
  return text;
}

TEST(File, is_sent_by_its_relative_name) {
  const TemporaryFolder folder;
  fs::create_directory(folder.path("sub"));
  folder.write("small.txt", "hello");
  folder.write("empty", "");
  folder.write("sub/large", numbered_lines(200'000));
  const ServerProcess server(serving(folder));
  PlainSocket peer(server.address());
  for (const std::string& content :
       {std::string("hello"), std::string(), numbered_lines(200'000)}) {
    const char* name = content.empty() ? "empty" : content.size() == 5 ? "small.txt" : "sub/large";
    ASSERT_TRUE(peer.send(int32_frame(name)));
    const std::string expected = int32_frame(content);
    EXPECT_TRUE(peer.receive(expected.size()) == expected) << name;
  }
}

TEST(File, names_can_be_pipelined_and_sent_raw) {
  const TemporaryFolder folder;
  folder.write("a", "AAA");
  folder.write("b", "B");
  {
    const ServerProcess server(serving(folder));
    PlainSocket peer(server.address());
    ASSERT_TRUE(peer.send(int32_frame("a") + int32_frame("b") + int32_frame("a")));
    EXPECT_EQ(peer.receive(19), int32_frame("AAA") + int32_frame("B") + int32_frame("AAA"));
  }
  const ServerProcess server(serving(folder, {"--request", "raw"}));
  PlainSocket peer(server.address());
  ASSERT_TRUE(peer.send("a\n"));
  EXPECT_EQ(peer.receive(7), int32_frame("AAA"));
}

TEST(File, has_its_own_name_md5_and_size_in_the_json_header) {
  const TemporaryFolder folder;
  fs::create_directory(folder.path("sub"));
  const std::string content = numbered_lines(100'000);
  folder.write("sub/lines.txt", content);
  const ServerProcess server(serving(folder, {"--dialect", "json"}));
  PlainSocket peer(server.address());
  for (int i = 0; i < 2; ++i) {  // the second time the md5 is known
    ASSERT_TRUE(peer.send(json_request("sub/lines.txt")));
    const auto header = nlohmann::json::parse(peer.receive(little_endian(peer.receive(4))));
    EXPECT_EQ(header.at("filename"), "lines.txt");
    EXPECT_EQ(header.at("total_size"), content.size());
    EXPECT_EQ(header.at("md5"), md5_of(as_bytes(content)));
    EXPECT_TRUE(peer.receive(content.size()) == content);
  }
  // A new version has a new md5.
  folder.write("sub/lines.txt", "changed");
  ASSERT_TRUE(peer.send(json_request("sub/lines.txt")));
  const auto header = nlohmann::json::parse(peer.receive(little_endian(peer.receive(4))));
  EXPECT_EQ(header.at("md5"), md5_of(as_bytes("changed")));
  EXPECT_EQ(peer.receive(7), "changed");
}

class NotServed : public ::testing::TestWithParam<const char*> {};

TEST_P(NotServed, ends_the_connection_after_the_answers_before_it) {
  const TemporaryFolder outside;
  outside.write("secret", "secret");
  const TemporaryFolder folder;
  folder.write("ok", "fine");
  fs::create_directory(folder.path("sub"));
  fs::create_symlink(outside.path("secret"), folder.path("link_out"));
  fs::create_symlink(outside.path(), folder.path("folder_out"));
  fs::create_symlink("../ok", folder.path("sub/link_in"));
  ASSERT_EQ(::mkfifo(folder.path("fifo").c_str(), 0600), 0);
  const ServerProcess server(serving(folder));
  PlainSocket peer(server.address());
  ASSERT_TRUE(peer.send(int32_frame("sub/link_in")));
  ASSERT_EQ(peer.receive(8), int32_frame("fine")) << "a link that stays inside is followed";

  ASSERT_TRUE(peer.send(int32_frame("ok") + int32_frame(GetParam()) + int32_frame("ok")));
  const RestOfStream rest = peer.receive_rest();
  EXPECT_EQ(rest.bytes, int32_frame("fine"));
  EXPECT_EQ(rest.end, StreamEnd::kFin);
  EXPECT_NE(server.log().find("end=no_answer"), std::string::npos) << server.log();
}

INSTANTIATE_TEST_SUITE_P(Names, NotServed,
                         ::testing::Values("missing", "", "/etc/passwd", "../secret",
                                           "sub/../../secret", "link_out", "folder_out/secret",
                                           "sub", ".", "fifo", "ok/", "\xff\xfe"));

TEST(NotServed, a_link_that_is_absolute_wherever_it_leads_and_the_log_says_so) {
  const TemporaryFolder folder;
  folder.write("ok", "fine");
  fs::create_directory(folder.path("sub"));
  fs::create_symlink(folder.path("ok"), folder.path("inside"));
  fs::create_symlink("/etc/passwd", folder.path("outside"));
  fs::create_symlink(folder.path(), folder.path("sub/top"));
  fs::create_symlink("../inside", folder.path("sub/over"));
  fs::create_symlink("../../x", folder.path("sub/out"));
  const ServerProcess server(serving(folder));
  const std::string absolute = "' is absolute, and such a link is not followed wherever it leads";
  for (const auto& [name, why] : std::vector<std::pair<std::string, std::string>>{
           {"inside", "the symbolic link 'inside" + absolute},
           {"outside", "the symbolic link 'outside" + absolute},
           {"sub/top/ok", "the symbolic link 'sub/top" + absolute},
           {"sub/over", "the symbolic link 'sub/../inside" + absolute},
           {folder.path("ok"), "the name is absolute"},
           {"sub/out", "it leads out of the folder"},
           {"sub/../../x", "it leads out of the folder"}}) {
    PlainSocket peer(server.address());
    ASSERT_TRUE(peer.send(int32_frame(name)));
    EXPECT_EQ(peer.receive_rest().bytes, "") << name;
    std::string sentence = "no file '";
    sentence.append(name).append("' is served: ").append(why);
    EXPECT_TRUE(server.log().contains(sentence)) << server.log();
  }
}

TEST(NotServed, a_file_whose_name_the_json_header_cannot_carry) {
  const TemporaryFolder folder;
  for (const char* name : {"a\xff", "a..b", "a\\b"}) {
    folder.write(name, "");
    fs::resize_file(folder.path(name), 256ULL << 30);  // sparse; its md5 takes minutes
    {
      const ServerProcess server(serving(folder, {"--dialect", "json"}));
      PlainSocket peer(server.address());
      ASSERT_TRUE(peer.send(json_request(name)));
      EXPECT_EQ(peer.receive_rest().bytes, "") << "no answer rather than one that is refused";
      EXPECT_TRUE(server.log().contains("its name cannot stand in a JSON header")) << server.log();
    }
    folder.write(name, "fine");
    const ServerProcess server(serving(folder));
    PlainSocket peer(server.address());
    ASSERT_TRUE(peer.send(int32_frame(name)));
    EXPECT_EQ(peer.receive(8), int32_frame("fine")) << "a dialect without names serves it";
  }
}

TEST(NotServed, a_name_with_a_nul) {
  const TemporaryFolder folder;
  folder.write("ok", "fine");
  const ServerProcess server(serving(folder));
  PlainSocket peer(server.address());
  ASSERT_TRUE(peer.send(int32_frame(std::string_view("ok\0x", 4))));
  EXPECT_EQ(peer.receive_rest().bytes, "");
}

TEST(NotServed, a_file_that_the_length_cannot_express) {
  const TemporaryFolder folder;
  folder.write("ok", "fine");
  folder.write("large", std::string(65'536, 'x'));
  const ServerProcess server(serving(folder, {"--dialect", "uint16be"}));
  PlainSocket peer(server.address());
  ASSERT_TRUE(peer.send(std::string("\0\x02ok\0\x05large", 11)));
  EXPECT_EQ(peer.receive_rest().bytes, std::string("\0\x04"
                                                   "fine",
                                                   6));
  EXPECT_NE(server.log().find("too_large"), std::string::npos) << server.log();
}

// Sparse, with marks that show whether every gigabyte is where it belongs.
void make_two_gibibytes(const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  for (const std::uint64_t offset : {0ULL, 1ULL << 30, (2ULL << 30) - 8}) {
    file.seekp(static_cast<std::streamoff>(offset));
    file << "mark" << std::to_string(offset % 10'000).substr(0, 4);
  }
  file.close();
  fs::resize_file(path, 2ULL << 30);
}

std::string md5_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<char> piece(1 << 20);
  Md5 md5;
  while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())) || file.gcount() > 0) {
    md5.update(as_bytes({piece.data(), static_cast<std::size_t>(file.gcount())}));
  }
  return md5.finish();
}

// Compares what comes with the file itself, which is faster than any digest.
void expect_content(PlainSocket& peer, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string expected(1 << 20, '\0');
  for (std::uint64_t left = fs::file_size(path); left > 0;) {
    const std::string piece = peer.receive(std::min<std::uint64_t>(left, expected.size()));
    ASSERT_FALSE(piece.empty()) << "the stream ended with " << left << " bytes to go";
    file.read(expected.data(), static_cast<std::streamsize>(piece.size()));
    ASSERT_TRUE(std::string_view(expected).substr(0, piece.size()) == piece) << left << " to go";
    left -= piece.size();
  }
}

TEST(TwoGibibytes, arrive_intact_from_a_server_below_32_mebibytes) {
  const TemporaryFolder folder;
  make_two_gibibytes(folder.path("large"));
  const auto start = std::chrono::steady_clock::now();
  {
    const ServerProcess server(serving(folder, {"--dialect", "int64"}));
    PlainSocket peer(server.address());
    ASSERT_TRUE(peer.send(int64_frame("large")));
    EXPECT_EQ(little_endian(peer.receive(8)), 2ULL << 30);
    expect_content(peer, folder.path("large"));
    RecordProperty("int64_memory_peak_kib", static_cast<int>(server.memory_peak_kib()));
    EXPECT_LT(server.memory_peak_kib(), kMemoryMaxKib);
  }
  {
    const ServerProcess server(serving(folder, {"--dialect", "json"}));
    PlainSocket peer(server.address());
    ASSERT_TRUE(peer.send(json_request("large")));
    // Nothing comes while it computes the md5, for as long as a busy machine makes it.
    ASSERT_TRUE(peer.is_readable_within(600'000));
    const auto header = nlohmann::json::parse(peer.receive(little_endian(peer.receive(4))));
    EXPECT_EQ(header.at("total_size"), 2ULL << 30);
    EXPECT_EQ(header.at("md5"), md5_of_file(folder.path("large")));
    expect_content(peer, folder.path("large"));
    RecordProperty("json_memory_peak_kib", static_cast<int>(server.memory_peak_kib()));
    EXPECT_LT(server.memory_peak_kib(), kMemoryMaxKib);
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  RecordProperty("seconds", std::to_string(took.count()));
}

TEST(File, that_is_digested_delays_no_other_connection) {
  const TemporaryFolder folder;
  folder.write("large", "");
  fs::resize_file(folder.path("large"), 256ULL << 30);  // sparse; its md5 takes minutes
  folder.write("small", "hello");
  const ServerProcess server(serving(folder, {"--dialect", "json"}));
  PlainSocket large(server.address());
  PlainSocket small(server.address());
  ASSERT_TRUE(large.send(json_request("large")));
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(small.send(json_request("small")));
    const std::string header = small.receive(little_endian(small.receive(4)));
    ASSERT_NE(header.find(md5_of(as_bytes("hello"))), std::string::npos) << header;
    ASSERT_EQ(small.receive(5), "hello");
  }
  EXPECT_FALSE(large.is_readable_within(0)) << "its digest cannot be ready";
}

}  // namespace
}  // namespace framespec::server::testing
