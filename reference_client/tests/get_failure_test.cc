// `get`: a file that does not come whole and right is not there, and nothing else is changed.
#include <gtest/gtest.h>

#include "child_process.h"
#include "framespec/md5.h"
#include "pattern.h"
#include "scratch_folder.h"
#include "scripted_server.h"

namespace framespec::client::test {
namespace {

using Names = std::vector<std::string>;

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
      peer.receive_frame("json");  // all of it: a close over unread bytes would be a reset
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

}  // namespace
}  // namespace framespec::client::test
