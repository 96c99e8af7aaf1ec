// `get`: what is stored, where, and under which name.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "child_process.h"
#include "framespec/md5.h"
#include "pattern.h"
#include "scratch_folder.h"
#include "scripted_server.h"

namespace framespec::client::test {
namespace {

using Names = std::vector<std::string>;

TEST(Get, StoresWhatTheServerSends) {
  const std::string content = pattern(3'000'001);
  for (const char* dialect : {"int32", "int64", "json", "int32be", "varint"}) {
    const ScratchFolder folder;
    std::string asked;
    Ended ended;
    {
      const ScriptedServer server([&](Peer& peer) {
        asked = peer.receive_frame(dialect);
        peer.send(framed(dialect, content, "film.mkv"));
        peer.receive_all();
      });
      ended = run_client(
          {server.address(), "-d", dialect, "get", "sub/film.mkv", "-o", folder.path("out")});
    }
    EXPECT_EQ(ended.exit_code, 0) << dialect << to_string(ended);
    EXPECT_EQ(asked, "sub/film.mkv");
    EXPECT_EQ(folder.names(), Names{"out"});
    EXPECT_TRUE(folder.read("out") == content) << dialect;
    EXPECT_EQ(ended.out, "");
    EXPECT_TRUE(says(ended, folder.path("out") + ": 3000001 bytes in ")) << ended.err;
    EXPECT_EQ(says(ended, "md5 verified"), std::string(dialect) == "json") << ended.err;
  }
}

TEST(Get, AnEmptyFileIsAFile) {
  for (const char* dialect : {"int32", "json"}) {
    const ScratchFolder folder;
    const ScriptedServer server(answer(framed(dialect, "")));
    const Ended ended =
        run_client({server.address(), "-d", dialect, "get", "x", "-o", folder.path("out")});
    EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
    EXPECT_EQ(folder.read("out"), "");
  }
}

TEST(Get, TheReplyMayComeByteByByte) {
  const ScratchFolder folder;
  const ScriptedServer server([](Peer& peer) {
    peer.receive();
    peer.send_byte_by_byte(framed("json", pattern(500)));
    peer.receive_all();
  });
  const Ended ended =
      run_client({server.address(), "-d", "json", "get", "x", "-o", folder.path("out")});
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_EQ(folder.read("out"), pattern(500));
}

TEST(Get, TheNameComesFromTheRequestNeverFromTheServer) {
  const ScratchFolder folder;
  const ScriptedServer server(answer(framed("json", "content", "evil")));
  ChildProcess here(client({server.address(), "-d", "json", "get", "some/where/film.mkv"}),
                    {.folder = folder.path()});
  const Ended ended = here.wait();
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_EQ(folder.names(), Names{"film.mkv"});
  const ScratchFolder other;
  const Ended into = run_client({server.address(), "-d", "json", "get", "a/b", "-o", other.path()});
  EXPECT_EQ(into.exit_code, 0) << to_string(into);
  EXPECT_EQ(other.names(), Names{"b"});
}

TEST(Get, AnOrdinaryFileGetsOrdinaryPermissions) {
  const ScratchFolder folder;
  const ScriptedServer server(answer(framed("int32", "content")));
  ChildProcess process({"/bin/sh", "-c", "umask 027; exec \"$0\" \"$@\"", FRAMESPEC_CLIENT_PATH,
                        server.address(), "-d", "int32", "get", "x", "-o", folder.path("out")});
  const Ended ended = process.wait();
  ASSERT_EQ(ended.exit_code, 0) << to_string(ended);
  struct stat status{};
  ASSERT_EQ(::stat(folder.path("out").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0640U);
}

TEST(Get, AFileThatIsThereIsReplacedOnlyByForce) {
  const ScratchFolder folder;
  folder.write("out", "old");
  ASSERT_EQ(::chmod(folder.path("out").c_str(), 0604), 0);
  const ScriptedServer server(answer(framed("int32", "new")));
  const Ended refused =
      run_client({server.address(), "-d", "int32", "get", "x", "-o", folder.path("out")});
  EXPECT_EQ(refused.exit_code, 2) << to_string(refused);
  EXPECT_TRUE(says(refused, "is already there; --force replaces it")) << refused.err;
  EXPECT_EQ(folder.read("out"), "old");
  const Ended forced = run_client(
      {server.address(), "-d", "int32", "get", "x", "-o", folder.path("out"), "--force"});
  EXPECT_EQ(forced.exit_code, 0) << to_string(forced);
  EXPECT_EQ(folder.read("out"), "new");
  EXPECT_EQ(folder.names(), Names{"out"});
  struct stat status{};
  ASSERT_EQ(::stat(folder.path("out").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0604U);
}

TEST(Get, AFileThatAppearsMeanwhileIsNotReplaced) {
  const ScratchFolder folder;
  const ScriptedServer server([&](Peer& peer) {
    peer.receive();
    folder.write("out", "someone else's");
    peer.send(framed("int32", "ours"));
    peer.receive_all();
  });
  const Ended ended =
      run_client({server.address(), "-d", "int32", "get", "x", "-o", folder.path("out")});
  EXPECT_EQ(ended.exit_code, 2) << to_string(ended);
  EXPECT_EQ(folder.names(), Names{"out"});
  EXPECT_EQ(folder.read("out"), "someone else's");
}

TEST(Get, PathsThatCannotBeAreRefusedBeforeAnythingIsAsked) {
  const ScratchFolder folder;
  const Ended no_folder =
      run_client({"127.0.0.1:1", "-d", "int32", "get", "x", "-o", folder.path("a/b")});
  EXPECT_EQ(no_folder.exit_code, 2) << to_string(no_folder);
  EXPECT_TRUE(says(no_folder, "there is no folder '" + folder.path("a") + "'")) << no_folder.err;
}

TEST(Get, ForceGoesThroughASymbolicLink) {
  const ScratchFolder folder;
  folder.write("real", "old");
  ASSERT_EQ(::symlink("real", folder.path("link").c_str()), 0);
  const ScriptedServer server(answer(framed("int32", "new")));
  const Ended ended = run_client(
      {server.address(), "-d", "int32", "get", "x", "-o", folder.path("link"), "--force"});
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_EQ(folder.names(), (Names{"link", "real"}));
  EXPECT_EQ(folder.read("real"), "new");
}

TEST(Get, ToStandardOutput) {
  const ScriptedServer server(answer(framed("json", pattern(200'000))));
  const Ended ended = run_client({server.address(), "-d", "json", "-q", "get", "x", "-o", "-"});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_TRUE(ended.out == pattern(200'000));
}

// Names of the server's choosing: nothing in them may move the cursor or forge a line.
TEST(Get, ControlCharactersOfTheServerDoNotReachTheTerminal) {
  const ScratchFolder folder;
  const ScriptedServer server(answer(json_frame("a\\u001b[31mb\\nc\\u009bd", md5_of({}), "0", "")));
  const Ended ended =
      run_client({server.address(), "-d", "json", "-v", "get", "x", "-o", folder.path("out")});
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_TRUE(says(ended, R"(the header says file name 'a\x1b[31mb\x0ac\xc2\x9bd')")) << ended.err;
}

TEST(Get, ARawReplyCannotBeChecked) {
  const Ended ended = run_client({"127.0.0.1:1", "-d", "int32", "--reply", "raw", "get", "x"});
  EXPECT_EQ(ended.exit_code, 2) << to_string(ended);
  EXPECT_TRUE(says(ended, "get needs framed replies")) << ended.err;
}

// 300 MB, made as they are sent: neither the test nor the client ever holds them.
TEST(Get, MemoryStaysConstant) {
  const ScratchFolder folder;
  const std::string chunk = pattern(1'000'000);
  constexpr int kChunks = 300;
  const ScriptedServer server([&](Peer& peer) {
    peer.receive_frame("int32");
    const std::string size_prefix("\x00\xa3\xe1\x11", 4);  // 300,000,000
    peer.send(size_prefix);
    for (int index = 0; index < kChunks; ++index) peer.send(chunk);
    peer.receive_all();
  });
  const Ended ended =
      run_client({server.address(), "-d", "int32", "get", "x", "-o", folder.path("out")});
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  struct stat status{};
  ASSERT_EQ(::stat(folder.path("out").c_str(), &status), 0);
  EXPECT_EQ(status.st_size, 300'000'000);
  EXPECT_LT(ended.peak_rss_kib, FRAMESPEC_RSS_KIB_MAX);
}

}  // namespace
}  // namespace framespec::client::test
