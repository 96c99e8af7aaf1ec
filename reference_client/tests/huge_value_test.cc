// A value of any size may stand on the command line or in a file: no message repeats it.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "child_process.h"
#include "scratch_folder.h"
#include "scripted_server.h"

namespace framespec::client::test {
namespace {

constexpr std::size_t kMessageSizeMax = 2000;  // one may list every dialect

TEST(HugeValue, OnTheCommandLineIsShortened) {
  const std::string huge(70'000, 'x');
  const ScratchFolder folder;
  folder.write("toy.json", "{\"name\": \"" + huge + "\", \"length\": {\"width\": 1}}");
  const std::vector<std::vector<std::string>> commands{
      {huge, "-d", "int32", "send", "x"},
      {huge + ":7", "-d", "int32", "send", "x"},
      {"h:" + huge, "-d", "int32", "send", "x"},
      {"unix:" + huge, "-d", "int32", "send", "x"},
      {"h:7", "-d", huge, "send", "x"},
      {"h:7", "-d", "{\"name\": \"" + huge + "\"}", "send", "x"},
      {"h:7", "-d", "a/" + huge, "send", "x"},
      {"h:7", "-d", folder.path("toy.json"), "send", "x"},
      {"h:7", "-d", "int32", "--md5", huge, "send", "x"},
      {"h:7", "-d", "int32", "--request=" + huge, "send", "x"},
      {"h:7", "-d", "int32", "--timeout", huge, "send", "x"},
      {"h:7", "-d", "int32", "--max-payload", huge, "send", "x"},
      {"h:7", "-d", "int32", "send", "--in-flight", huge, "x"},
      {"h:7", "-d", "int32", "send", "--in-flight=" + huge, "x"},
      {"h:7", "-d", "int32", "send", "--file", huge},
      {"h:7", "-d", "int32", "--" + huge, "send", "x"},
      {"h:7", "-d", "int32", "--quiet=" + huge, "send", "x"},
      {"h:7", "-d", "int32", huge, "send", "x"},
      {"h:7", "-d", "int32", "exec", "a", huge},
      {"h:7", "-d", "int32", "get", "x", "-o", huge},
      {"h:7", "-d", "int32", "get", "x", "-o", huge + "/out"},
      {"h:7", "-d", "int32", "get", huge},
      {"h:7", "-d", "int32", "get", "--", "a", huge},
  };
  for (const auto& command : commands) {
    const Ended ended = run_client(command);
    std::string line;
    for (const std::string& argument : command) line += argument.substr(0, 20) + " ";
    EXPECT_GE(ended.exit_code, 2) << line;
    EXPECT_TRUE(ended.err.starts_with("framespec-client: error: ")) << line;
    EXPECT_LT(ended.err.size(), kMessageSizeMax) << line << "\n" << ended.err.substr(0, 500);
    EXPECT_EQ(ended.out, "");
  }
}

TEST(HugeValue, AFileNameThatTheServerHasNotIsShortened) {
  const ScriptedServer server([](Peer& peer) { peer.receive_frame("int32"); });
  const Ended ended =
      run_client({server.address(), "-d", "int32", "get", std::string(70'000, 'x'), "-o", "-"});
  EXPECT_EQ(ended.exit_code, 1) << ended.err.substr(0, 500);
  EXPECT_LT(ended.err.size(), kMessageSizeMax) << ended.err.substr(0, 500);
}

TEST(HugeValue, AValueOfOrdinarySizeIsShownWhole) {
  const std::string name(200, 'n');
  const Ended ended = run_client({"h:7", "-d", name, "send", "x"});
  EXPECT_NE(ended.err.find('"' + name + '"'), std::string::npos) << ended.err;
}

// Nobody writes to it: whoever opened it would wait for ever.
TEST(DialectFile, APipeOrAFolderIsAUsageErrorAtOnce) {
  const ScratchFolder folder;
  ASSERT_EQ(::mkfifo(folder.path("pipe").c_str(), 0600), 0);
  const Ended pipe = run_client({"h:7", "--dialect", folder.path("pipe"), "send", "x"});
  EXPECT_EQ(pipe.exit_code, 2) << to_string(pipe);
  EXPECT_EQ(pipe.err, "framespec-client: error: --dialect: " + folder.path("pipe") +
                          ": cannot be read: it is a pipe (FIFO); give an ordinary file\n");
  const Ended directory = run_client({"h:7", "--dialect", folder.path(), "send", "x"});
  EXPECT_EQ(directory.exit_code, 2) << to_string(directory);
  EXPECT_EQ(directory.err, "framespec-client: error: --dialect: " + folder.path() +
                               ": cannot be read: it is a directory\n");
}

}  // namespace
}  // namespace framespec::client::test
