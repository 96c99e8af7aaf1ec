// `get`: what comes behind the reply is told, and the file is there all the same.
#include <gtest/gtest.h>

#include "child_process.h"
#include "pattern.h"
#include "scratch_folder.h"
#include "scripted_server.h"

namespace framespec::client::test {
namespace {

constexpr const char* kSevenBytes = "7 bytes came behind the reply; they were not asked for\n";

Ended get_file(const ScriptedServer& server, const ScratchFolder& folder,
               std::vector<std::string> more = {}) {
  std::vector<std::string> arguments{server.address(),  "-d", "json", "-q", "get", "x", "-o",
                                     folder.path("out")};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run_client(std::move(arguments));
}

TEST(GetEnd, BytesThatComeWithTheReplyAreTold) {
  const ScratchFolder folder;
  const ScriptedServer server(answer(framed("json", "content") + "1234567"));
  const Ended ended = get_file(server, folder);
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_EQ(ended.err, std::string("framespec-client: warning: ") + kSevenBytes);
  EXPECT_EQ(folder.read("out"), "content");
}

TEST(GetEnd, BytesThatComeLaterAreToldToo) {
  const ScratchFolder folder;
  const ScriptedServer server([](Peer& peer) {
    peer.receive_frame("json");
    peer.send(framed("json", pattern(1'000'000)) + "123");
    peer.receive_all();  // the client has the reply, and closes its sending side
    peer.send_byte_by_byte("4567");
  });
  const Ended ended = get_file(server, folder);
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_EQ(ended.err, std::string("framespec-client: warning: ") + kSevenBytes);
  EXPECT_TRUE(folder.read("out") == pattern(1'000'000));
  const Ended to_output = run_client({server.address(), "-d", "json", "-q", "get", "x", "-o", "-"});
  EXPECT_EQ(to_output.exit_code, 0) << to_output.err;
  EXPECT_TRUE(to_output.out == pattern(1'000'000));
  EXPECT_EQ(to_output.err, std::string("framespec-client: warning: ") + kSevenBytes);
}

TEST(GetEnd, AServerThatDoesNotCloseTakesNothingFromTheFile) {
  const StayingServer server([](Peer& peer) {
    peer.receive_frame("json");
    peer.send(framed("json", "content"));
  });
  const ScratchFolder folder;
  const Ended ended = get_file(*server, folder, {"--timeout", "2"});
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_NE(ended.err.find("warning: the reply is whole, but its end was not seen"),
            std::string::npos)
      << ended.err;
  EXPECT_EQ(folder.read("out"), "content");
}

TEST(GetEnd, IsNotWaitedForWithoutAHalfClose) {
  const StayingServer server([](Peer& peer) {
    peer.receive_frame("json");
    peer.send(framed("json", "content"));
  });
  const ScratchFolder folder;
  const Ended ended = get_file(*server, folder, {"--no-half-close"});
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_EQ(ended.err, "");
}

}  // namespace
}  // namespace framespec::client::test
