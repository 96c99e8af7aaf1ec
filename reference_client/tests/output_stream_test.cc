// `get -o` where the path names a pipe, a device or an open descriptor: it is written to, and never
// replaced.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "child_process.h"
#include "pattern.h"
#include "scratch_folder.h"
#include "scripted_server.h"

namespace framespec::client::test {
namespace {

using Names = std::vector<std::string>;

std::vector<std::string> get_into(const ScriptedServer& server, const std::string& path) {
  return {server.address(), "-d", "json", "get", "x", "-o", path};
}

mode_t kind_of(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & S_IFMT : 0;
}

std::string make_fifo(const ScratchFolder& folder) {
  const std::string path = folder.path("pipe");
  if (::mkfifo(path.c_str(), 0600) != 0) throw std::runtime_error("no pipe at " + path);
  return path;
}

TEST(OutputStream, StandardOutputByItsPathIsAPipeLikeAnyOther) {
  const std::string content = pattern(300'000);
  const ScriptedServer server(answer(framed("json", content)));
  for (const char* path : {"/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"}) {
    const Ended ended = run_client(get_into(server, path));
    EXPECT_EQ(ended.exit_code, 0) << path << ended.err;
    EXPECT_TRUE(ended.out == content) << path << ended.out.size();
    EXPECT_TRUE(says(ended, "md5 verified")) << ended.err;
  }
}

// What was there before the client began, and its place in the file, are the shell's.
TEST(OutputStream, StandardOutputByItsPathIsWrittenWhereItStands) {
  const ScratchFolder folder;
  folder.write("out", "old ");
  const ScriptedServer server(answer(framed("json", "new")));
  const Ended ended = run_redirected(">> " + folder.path("out"), get_into(server, "/dev/stdout"));
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_EQ(folder.names(), Names{"out"});
  EXPECT_EQ(folder.read("out"), "old new");
}

TEST(OutputStream, AnotherDescriptorOfTheCallerIsWritten) {
  const ScratchFolder folder;
  const ScriptedServer server(answer(framed("json", "content")));
  const Ended ended = run_redirected("7> " + folder.path("out"), get_into(server, "/dev/fd/7"));
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_EQ(folder.read("out"), "content");
  for (const char* redirection : {"7< /dev/null", "7>&-"}) {
    const Ended refused = run_redirected(redirection, get_into(server, "/dev/fd/7"));
    EXPECT_EQ(refused.exit_code, 2) << redirection << to_string(refused);
    EXPECT_TRUE(says(refused, "'/dev/fd/7' is not open for writing")) << refused.err;
  }
}

TEST(OutputStream, AFifoIsWrittenAndStays) {
  const std::string content = pattern(300'000);
  const ScriptedServer server(answer(framed("json", content)));
  const ScratchFolder folder;
  const std::string pipe = make_fifo(folder);
  ASSERT_EQ(::symlink("pipe", folder.path("link").c_str()), 0);
  for (const std::string& path : {pipe, folder.path("link")}) {
    ChildProcess reader({"/bin/sh", "-c", "exec cat \"$0\" > \"$1\"", pipe, folder.path("taken")});
    const Ended ended = run_client(get_into(server, path));
    reader.wait();
    EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
    EXPECT_TRUE(folder.read("taken") == content);
    EXPECT_EQ(folder.names(), (Names{"link", "pipe", "taken"}));
    EXPECT_EQ(kind_of(pipe), static_cast<mode_t>(S_IFIFO));
  }
}

TEST(OutputStream, AReaderThatHasGoneIsAnError) {
  const ScriptedServer server(answer(framed("json", pattern(3'000'000))));
  const ScratchFolder folder;
  const std::string pipe = make_fifo(folder);
  ChildProcess reader({"head", "-c", "1", pipe});
  const Ended ended = run_client(get_into(server, pipe));
  reader.wait();
  EXPECT_EQ(ended.exit_code, 3) << to_string(ended);
  EXPECT_TRUE(says(ended, "cannot write to '" + pipe + "': Broken pipe")) << ended.err;
  EXPECT_EQ(kind_of(pipe), static_cast<mode_t>(S_IFIFO));
}

TEST(OutputStream, ADeviceIsWritten) {
  const ScriptedServer server(answer(framed("json", "content")));
  const Ended taken = run_client(get_into(server, "/dev/null"));
  EXPECT_EQ(taken.exit_code, 0) << to_string(taken);
  EXPECT_EQ(kind_of("/dev/null"), static_cast<mode_t>(S_IFCHR));
  const Ended full = run_client(get_into(server, "/dev/full"));
  EXPECT_EQ(full.exit_code, 3) << to_string(full);
  EXPECT_TRUE(says(full, "cannot write to '/dev/full': No space left on device")) << full.err;
}

TEST(OutputStream, ASocketIsNone) {
  const ScratchFolder folder;
  const ScriptedServer socket([](Peer&) {}, folder.path("socket"));
  const Ended ended = run_client(
      {"127.0.0.1:1", "-d", "int32", "get", "x", "-o", folder.path("socket"), "--force"});
  EXPECT_EQ(ended.exit_code, 2) << to_string(ended);
  EXPECT_TRUE(says(ended, "is not an ordinary file and is not replaced")) << ended.err;
  EXPECT_EQ(kind_of(folder.path("socket")), static_cast<mode_t>(S_IFSOCK));
}

}  // namespace
}  // namespace framespec::client::test
