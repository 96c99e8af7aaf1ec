// `get`: a file is whole and checked, or not there.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>

#include "child_process.h"
#include "framespec/md5.h"
#include "scratch_folder.h"
#include "scripted_server.h"

namespace framespec::client::test {
namespace {

using Names = std::vector<std::string>;

bool says(const Ended& ended, const std::string& text) {
  return ended.err.find(text) != std::string::npos;
}

// Answers every request with the same bytes, then waits for the client's close.
ScriptedServer::Script answer(std::string reply) {
  return [reply = std::move(reply)](Peer& peer) {
    peer.receive();
    peer.send(reply);
    peer.receive_all();
  };
}

std::string pattern(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t index = 0; index < size; ++index)
    bytes[index] = static_cast<char>(index * 31 + index / 251);
  return bytes;
}

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
  const Ended device =
      run_client({"127.0.0.1:1", "-d", "int32", "get", "x", "-o", "/dev/null", "--force"});
  EXPECT_EQ(device.exit_code, 2) << to_string(device);
  EXPECT_TRUE(says(device, "is not an ordinary file")) << device.err;
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

TEST(Get, AWrongDigestLeavesNothingUnlessItIsLetPass) {
  const std::string reply =
      json_frame("musibii.jpg", "165069c8f668edb6b48f208f7a5c6a00", "5", "hello");
  const ScriptedServer server(answer(reply));
  const ScratchFolder folder;
  const Ended verify =
      run_client({server.address(), "-d", "json", "get", "x", "-o", folder.path("out")});
  EXPECT_EQ(verify.exit_code, 1) << to_string(verify);
  EXPECT_TRUE(says(verify, "digest_mismatch at byte " + std::to_string(reply.size() - 5)))
      << verify.err;
  EXPECT_TRUE(says(verify, "165069c8f668edb6b48f208f7a5c6a00")) << verify.err;
  EXPECT_TRUE(says(verify, md5_of(as_bytes("hello")))) << verify.err;
  EXPECT_EQ(folder.names(), Names{});
  const Ended warn = run_client(
      {server.address(), "-d", "json", "get", "x", "-o", folder.path("out"), "--md5", "warn"});
  EXPECT_EQ(warn.exit_code, 0) << to_string(warn);
  EXPECT_TRUE(says(warn, "warning: digest_mismatch")) << warn.err;
  EXPECT_FALSE(says(warn, "md5 verified")) << warn.err;
  EXPECT_EQ(folder.read("out"), "hello");
  const Ended ignore = run_client({server.address(), "-d", "json", "get", "x", "-o",
                                   folder.path("out"), "--md5", "ignore", "--force", "--quiet"});
  EXPECT_EQ(ignore.exit_code, 0) << to_string(ignore);
  EXPECT_EQ(ignore.err, "");
}

TEST(Get, AReplyCutShortLeavesNothingAndSaysWhatIsMissing) {
  const std::string reply = framed("json", pattern(1000));
  struct Row {
    std::size_t size;
    const char* said;
  };
  for (const Row& row :
       {Row{0, "closed the connection without a reply; perhaps it has no file 'x'"},
        Row{3, "its size had not come yet"}, Row{20, "its size had not come yet"},
        Row{reply.size() - 1000, "1000 of 1000 payload bytes are missing"},
        Row{reply.size() - 1, "1 of 1000 payload bytes are missing"}}) {
    const ScratchFolder folder;
    folder.write("out", "old");
    const ScriptedServer server([&](Peer& peer) {
      peer.receive();
      peer.send(reply.substr(0, row.size));
    });
    const Ended ended = run_client(
        {server.address(), "-d", "json", "get", "x", "-o", folder.path("out"), "--force"});
    EXPECT_EQ(ended.exit_code, 1) << to_string(ended);
    EXPECT_TRUE(says(ended, row.said)) << ended.err;
    EXPECT_EQ(folder.names(), Names{"out"});
    EXPECT_EQ(folder.read("out"), "old");
  }
}

// A server that must read a large file for its md5 sends nothing meanwhile.
TEST(Get, ASilenceBeforeTheHeaderMayBeTheDigest) {
  const ScratchFolder folder;
  const ScriptedServer server([](Peer& peer) { peer.receive_all(); });
  for (const char* dialect : {"json", "int32"}) {
    const Ended ended = run_client({server.address(), "-d", dialect, "--timeout", "0.2", "get", "x",
                                    "-o", folder.path("out")});
    EXPECT_EQ(ended.exit_code, 3) << to_string(ended);
    EXPECT_EQ(says(ended, "perhaps the server is still computing the md5 of a large file"),
              std::string(dialect) == "json")
        << ended.err;
  }
}

TEST(Get, AResetInTheMiddleLeavesNothing) {
  const ScratchFolder folder;
  const ScriptedServer server([&](Peer& peer) {
    peer.receive();
    peer.send(framed("int32", pattern(100'000)).substr(0, 50'000));
    peer.reset();
  });
  const Ended ended =
      run_client({server.address(), "-d", "int32", "get", "x", "-o", folder.path("out")});
  EXPECT_EQ(ended.exit_code, 3) << to_string(ended);
  EXPECT_TRUE(says(ended, "was lost")) << ended.err;
  EXPECT_EQ(folder.names(), Names{});
}

TEST(Get, AFileLargerThanTheLimitIsNotBegun) {
  const ScratchFolder folder;
  const ScriptedServer server(answer(framed("json", pattern(1001))));
  const Ended ended = run_client({server.address(), "-d", "json", "--max-payload", "1000", "get",
                                  "x", "-o", folder.path("out")});
  EXPECT_EQ(ended.exit_code, 1) << to_string(ended);
  EXPECT_TRUE(says(ended, "too_large")) << ended.err;
  EXPECT_EQ(folder.names(), Names{});
}

TEST(Get, ASizeLimitOfTheSystemIsAFullDisk) {
  const ScratchFolder folder;
  folder.write("out", "old");
  const ScriptedServer server(answer(framed("json", pattern(1'000'000))));
  ChildProcess process(
      client({server.address(), "-d", "json", "get", "x", "-o", folder.path("out"), "--force"}),
      {.file_size_max = 300'000});
  const Ended ended = process.wait();
  EXPECT_EQ(ended.exit_code, 3) << to_string(ended);
  EXPECT_TRUE(says(ended, "cannot store '" + folder.path("out") + "' after ")) << ended.err;
  EXPECT_TRUE(
      says(ended, "File too large; the temporary file was removed and nothing else was changed"))
      << ended.err;
  EXPECT_EQ(folder.names(), Names{"out"});
  EXPECT_EQ(folder.read("out"), "old");
}

// A file system of one megabyte where this user may mount one, in a namespace that ends with the
// process; elsewhere a limit of the same size, as in the test above.
TEST(Get, AFullDiskLeavesNothing) {
  const ScratchFolder folder;
  const ScriptedServer server(answer(framed("json", pattern(3'000'000))));
  const std::string script =
      "if test \"$3\" = namespace && mount -t tmpfs -o size=1m tmpfs \"$1\" 2> /dev/null; "
      "then echo disk; else echo limit; ulimit -f 1024; fi; "
      "echo old > \"$1/out\"; "
      "\"$0\" \"$2\" -d json get x -o \"$1/out\" --force; code=$?; "
      "ls -A \"$1\"; cat \"$1/out\"; exit $code";
  const std::string start =
      "if unshare --mount true 2> /dev/null; then exec unshare --mount /bin/sh -c \"$@\" "
      "namespace; "
      "else exec /bin/sh -c \"$@\" none; fi";
  ChildProcess process({"/bin/sh", "-c", start, "sh", script, FRAMESPEC_CLIENT_PATH, folder.path(),
                        server.address()});
  const Ended ended = process.wait();
  EXPECT_EQ(ended.exit_code, 3) << to_string(ended);
  const bool is_disk = ended.out.starts_with("disk\n");
  EXPECT_EQ(ended.out, is_disk ? "disk\nout\nold\n" : "limit\nout\nold\n") << to_string(ended);
  EXPECT_TRUE(says(ended, is_disk ? "No space left on device" : "File too large")) << ended.err;
}

TEST(Get, AFolderThatMayNotBeWrittenIsSaid) {
  const ScratchFolder folder;
  const ScriptedServer server(answer(framed("int32", "content")));
  // /proc takes no new file from anybody, root included.
  const Ended ended = run_client({server.address(), "-d", "int32", "get", "x", "-o", "/proc/out"});
  EXPECT_EQ(ended.exit_code, 3) << to_string(ended);
  EXPECT_TRUE(says(ended, "cannot create a temporary file in '/proc'")) << ended.err;
}

// Names of the server's choosing: nothing in them may move the cursor or forge a line.
TEST(Get, ControlCharactersOfTheServerDoNotReachTheTerminal) {
  const ScratchFolder folder;
  const ScriptedServer server(answer(json_frame("a\\u001b[31mb\\nc\\u009bd", md5_of({}), "0", "")));
  const Ended ended =
      run_client({server.address(), "-d", "json", "-v", "get", "x", "-o", folder.path("out")});
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_TRUE(says(ended, "the header says file name 'a?[31mb?c?d'")) << ended.err;
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
