// Ctrl-C and other signals: whenever they come, no file and no part of one is left.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

#include "child_process.h"
#include "eventually.h"
#include "scratch_folder.h"
#include "scripted_server.h"

namespace framespec::client::test {
namespace {

using Names = std::vector<std::string>;

// Sends `head`, then nothing until the client leaves.
ScriptedServer::Script stop_after(std::string head) {
  return [head = std::move(head)](Peer& peer) {
    peer.receive();
    peer.send(head);
    peer.receive_all();
  };
}

Ended interrupt_get(const ScriptedServer& server, const ScratchFolder& folder, int signal,
                    long long stored_size) {
  ChildProcess process(
      client({server.address(), "-d", "json", "get", "x", "-o", folder.path("out"), "--force"}));
  EXPECT_TRUE(eventually([&] { return folder.temporary_file_size() >= stored_size; }));
  process.signal(signal);
  return process.wait();
}

TEST(Interrupt, BeforeTheReply) {
  const ScratchFolder folder;
  std::atomic<bool> asked = false;
  const ScriptedServer server([&](Peer& peer) {
    peer.receive();
    asked = true;
    peer.receive_all();
  });
  ChildProcess process(
      client({server.address(), "-d", "json", "get", "x", "-o", folder.path("out")}));
  ASSERT_TRUE(eventually([&] { return asked.load(); }));
  process.signal(SIGINT);
  const Ended ended = process.wait();
  EXPECT_EQ(ended.signal, SIGINT) << to_string(ended);
  EXPECT_EQ(folder.names(), Names{});
}

TEST(Interrupt, AtManyPointsOfTheFile) {
  const std::string payload(200'000, 'p');
  const std::string frame = framed("json", payload);
  for (const long long size : {0, 1, 4096, 150'000, 199'999}) {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
      const ScratchFolder folder;
      folder.write("out", "old");
      const ScriptedServer server(stop_after(
          frame.substr(0, frame.size() - payload.size() + static_cast<std::size_t>(size))));
      const Ended ended = interrupt_get(server, folder, signal, size);
      EXPECT_EQ(ended.signal, signal) << size << to_string(ended);
      EXPECT_NE(ended.err.find("no file was stored"), std::string::npos) << ended.err;
      EXPECT_EQ(folder.names(), Names{"out"}) << size;
      EXPECT_EQ(folder.read("out"), "old");
    }
  }
}

TEST(Interrupt, AtFullSpeed) {
  const std::string chunk(1'000'000, 'c');
  const ScriptedServer server([&](Peer& peer) {
    peer.receive();
    peer.send(json_frame("x", "165069c8f668edb6b48f208f7a5c6a00", "99000000000", ""));
    while (peer.send(chunk)) {
    }
  });
  for (const long long size : {1LL, 1'000'000LL, 20'000'000LL}) {
    const ScratchFolder folder;
    const Ended ended = interrupt_get(server, folder, SIGINT, size);
    EXPECT_EQ(ended.signal, SIGINT) << to_string(ended);
    EXPECT_EQ(folder.names(), Names{});
  }
}

// Ctrl-C as a person types it: the terminal turns the key into the signal, and the progress line is
// gone.
TEST(Interrupt, FromATerminal) {
  const std::string frame = framed("json", std::string(1000, 'p'));
  const ScratchFolder folder;
  const ScriptedServer server(stop_after(frame.substr(0, frame.size() - 500)));
  ChildProcess process(
      client({server.address(), "-d", "json", "get", "x", "-o", folder.path("out")}),
      {.on_terminal = true, .environment = {"TERM=xterm"}});
  ASSERT_TRUE(process.wait_for_output("ETA")) << to_string(process.wait());
  process.type("\x03");
  const Ended ended = process.wait();
  EXPECT_EQ(ended.signal, SIGINT) << to_string(ended);
  EXPECT_EQ(folder.names(), Names{});
  EXPECT_NE(ended.out.find("\r\x1b[Kframespec-client: "), std::string::npos) << ended.out;
}

// Nothing has to be cleaned up there, so that a reader who has stopped reading cannot hold the
// client.
TEST(Interrupt, WhileStandardOutputTakesNoMore) {
  std::atomic<bool> sent = false;
  const ScriptedServer server([&](Peer& peer) {
    peer.receive();
    peer.send(framed("int32", std::string(3'000'000, 'p')).substr(0, 1'000'000));
    sent = true;
    peer.receive_all();
  });
  ChildProcess process(client({server.address(), "-d", "int32", "get", "x", "-o", "-"}));
  ASSERT_TRUE(eventually([&] { return sent.load(); }));
  process.signal(SIGTERM);
  const Ended ended = process.wait();
  EXPECT_EQ(ended.signal, SIGTERM) << ended.err;
}

TEST(Interrupt, AShellSees128AndTheSignal) {
  const ScratchFolder folder;
  const std::string frame = framed("json", std::string(1000, 'p'));
  const ScriptedServer server(stop_after(frame.substr(0, frame.size() - 500)));
  ChildProcess shell(
      {"/bin/sh", "-c",
       "(trap - INT; exec \"$0\" \"$@\") & echo $! > new; mv new pid; wait $!; exit $?",
       FRAMESPEC_CLIENT_PATH, server.address(), "-d", "json", "get", "x", "-o", "out"},
      {.folder = folder.path()});
  // The client may be that far before the shell has written down which process it is.
  ASSERT_TRUE(eventually([&] {
    const Names names = folder.names();
    return folder.temporary_file_size() >= 500 && std::ranges::find(names, "pid") != names.end();
  }));
  // A background job of a script ignores SIGINT; SIGTERM shows the same convention.
  ASSERT_EQ(::kill(static_cast<pid_t>(std::stol(folder.read("pid"))), SIGTERM), 0);
  const Ended ended = shell.wait();
  EXPECT_EQ(ended.exit_code, 128 + SIGTERM) << to_string(ended);
  EXPECT_EQ(folder.names(), Names{"pid"});
}

TEST(Interrupt, AnIgnoredSignalStaysIgnored) {
  const ScratchFolder folder;
  std::atomic<bool> signalled = false;
  const std::string frame = framed("json", std::string(1000, 'p'));
  const ScriptedServer server([&](Peer& peer) {
    peer.receive();
    peer.send(frame.substr(0, frame.size() - 500));
    signalled.wait(false);
    peer.send(frame.substr(frame.size() - 500));
    peer.receive_all();
  });
  ChildProcess process({"/bin/sh", "-c", "trap '' HUP; exec \"$0\" \"$@\"", FRAMESPEC_CLIENT_PATH,
                        server.address(), "-d", "json", "get", "x", "-o", folder.path("out")});
  EXPECT_TRUE(eventually([&] { return folder.temporary_file_size() >= 500; }));
  process.signal(SIGHUP);
  signalled = true;
  signalled.notify_all();
  const Ended ended = process.wait();
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_EQ(folder.names(), Names{"out"});
}

}  // namespace
}  // namespace framespec::client::test
