// Every signal that ends a process: the hidden file of `get` is gone, and the signal is seen.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>

#include "child_process.h"
#include "eventually.h"
#include "scratch_folder.h"
#include "scripted_server.h"

namespace framespec::client::test {
namespace {

using Names = std::vector<std::string>;

// SIGTERM and the like, and what is sent by a terminal, a limit, a timer or a user.
std::vector<int> ending_signals() {
  std::vector<int> signals{SIGHUP,  SIGINT,  SIGQUIT, SIGABRT,  SIGUSR1,   SIGUSR2,
                           SIGPIPE, SIGALRM, SIGTERM, SIGXCPU,  SIGSTKFLT, SIGXFSZ,
                           SIGPROF, SIGIO,   SIGPWR,  SIGVTALRM};
  for (int signal = SIGRTMIN; signal <= SIGRTMAX; signal += 5) signals.push_back(signal);
  return signals;
}

// Sends all of `frame` but its last bytes, then nothing until the client leaves.
ScriptedServer::Script stop_in(const std::string& frame) {
  return [head = frame.substr(0, frame.size() - 500)](Peer& peer) {
    peer.receive();
    peer.send(head);
    peer.receive_all();
  };
}

TEST(EndingSignals, EachRemovesTheHiddenFileAndEndsTheProcess) {
  const ScriptedServer server(stop_in(framed("json", std::string(1000, 'p'))));
  for (const int signal : ending_signals()) {
    const ScratchFolder folder;
    folder.write("out", "old");
    ChildProcess process(
        client({server.address(), "-d", "json", "get", "x", "-o", folder.path("out"), "--force"}));
    ASSERT_TRUE(eventually([&] { return folder.temporary_file_size() >= 500; }));
    process.signal(signal);
    const Ended ended = process.wait();
    EXPECT_EQ(ended.signal, signal) << to_string(ended);
    EXPECT_EQ(ended.err, "framespec-client: error: ended by signal " + std::to_string(signal) +
                             "; no file was stored\n");
    EXPECT_EQ(folder.names(), Names{"out"}) << signal;
    EXPECT_EQ(folder.read("out"), "old");
  }
}

TEST(EndingSignals, SignalsThatEndNothingEndNothing) {
  const std::string frame = framed("json", std::string(1000, 'p'));
  std::atomic<bool> signalled = false;
  const ScriptedServer server([&](Peer& peer) {
    peer.receive();
    peer.send(frame.substr(0, 500));
    signalled.wait(false);
    peer.send(frame.substr(500));
    peer.receive_all();
  });
  const ScratchFolder folder;
  ChildProcess process(
      client({server.address(), "-d", "json", "get", "x", "-o", folder.path("out")}));
  EXPECT_TRUE(eventually([&] { return folder.temporary_file_size() >= 0; }));
  for (const int signal : {SIGCHLD, SIGURG, SIGWINCH, SIGSTOP, SIGCONT}) process.signal(signal);
  signalled = true;
  signalled.notify_all();
  const Ended ended = process.wait();
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_EQ(folder.names(), Names{"out"});
}

// The signal meets the client wherever it is: before the file is made, while it is made, written or
// given its name. Either the whole file is there or nothing is.
TEST(EndingSignals, WheneverOneComes) {
  const std::string payload(100'000, 'p');
  const std::string frame = framed("json", payload);
  constexpr std::size_t kRounds = 40;
  for (std::size_t round = 1; round <= kRounds; ++round) {
    const ScratchFolder folder;
    std::atomic<pid_t> pid = 0;
    const ScriptedServer server([&](Peer& peer) {
      peer.receive();
      peer.send(frame.substr(0, frame.size() * round / kRounds));
      pid.wait(0);
      ::kill(pid, SIGTERM);
      peer.send(frame.substr(frame.size() * round / kRounds));
      peer.receive_all();
    });
    ChildProcess process(
        client({server.address(), "-d", "json", "get", "x", "-o", folder.path("out")}));
    pid = process.pid();
    pid.notify_all();
    const Ended ended = process.wait();
    EXPECT_EQ(ended.signal, SIGTERM) << to_string(ended);
    const bool is_told_stored = ended.err.find("the file was stored before") != std::string::npos;
    EXPECT_EQ(folder.names(), is_told_stored ? Names{"out"} : Names{}) << to_string(ended);
    if (is_told_stored) {
      EXPECT_EQ(folder.read("out").size(), payload.size());
    }
  }
}

TEST(EndingSignals, AFileThatIsStoredStays) {
  std::atomic<bool> over = false;
  const ScriptedServer server([&](Peer& peer) {
    peer.receive();
    peer.send(framed("json", "content"));
    over.wait(false);
  });
  const ScratchFolder folder;
  ChildProcess process(
      client({server.address(), "-d", "json", "get", "x", "-o", folder.path("out")}));
  EXPECT_TRUE(process.wait_for_error("md5 verified"));
  process.signal(SIGTERM);
  const Ended ended = process.wait();
  over = true;
  over.notify_all();
  EXPECT_EQ(ended.signal, SIGTERM) << to_string(ended);
  EXPECT_NE(ended.err.find("ended by signal 15; the file was stored before"), std::string::npos)
      << ended.err;
  EXPECT_EQ(folder.names(), Names{"out"});
}

// Nobody reads what it says: the pipe is full, and stays so.
TEST(EndingSignals, NoReaderOfStandardErrorHoldsTheEndUp) {
  const ScratchFolder folder;
  const std::string pipe = folder.path("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const int held = ::open(pipe.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  ASSERT_GE(held, 0);
  const std::string filling(4096, 'f');
  while (::write(held, filling.data(), filling.size()) > 0) {
  }
  const ScriptedServer server(stop_in(framed("json", std::string(1000, 'p'))));
  ChildProcess process({"/bin/sh", "-c", "exec \"$0\" \"$@\" 2> " + pipe, FRAMESPEC_CLIENT_PATH,
                        server.address(), "-d", "json", "get", "x", "-o", folder.path("out")});
  EXPECT_TRUE(eventually([&] { return folder.temporary_file_size() >= 500; }));
  process.signal(SIGTERM);
  const Ended ended = process.wait();
  ::close(held);
  EXPECT_EQ(ended.signal, SIGTERM) << to_string(ended);
  EXPECT_EQ(folder.names(), Names{"pipe"});
}

}  // namespace
}  // namespace framespec::client::test
