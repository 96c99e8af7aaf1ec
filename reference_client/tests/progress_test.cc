// The progress line: its text, and the real one on a real terminal.
#include "progress.h"

#include <gtest/gtest.h>

#include <atomic>

#include "child_process.h"
#include "framespec/printable.h"
#include "own_port.h"
#include "scratch_folder.h"
#include "scripted_server.h"

namespace framespec::client::test {
namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1024} * 1024;

TEST(ProgressLine, ShowsShareBarRateAndRemainingTime) {
  EXPECT_EQ(
      progress_line({"film.mkv", 512 * kMiB, 1024 * kMiB, 100.0 * kMiB}, 100),
      "film.mkv  50% [###############---------------]  512.0 MiB/1.0 GiB  100.0 MiB/s  ETA 0:06");
  EXPECT_EQ(
      progress_line({"film.mkv", 1024 * kMiB, 1024 * kMiB, 100.0 * kMiB}, 100),
      "film.mkv 100% [##############################]  1.0 GiB/1.0 GiB  100.0 MiB/s  ETA 0:00");
}

TEST(ProgressLine, SaysWhenNothingComes) {
  EXPECT_NE(progress_line({"f", 1, 100, 0}, 80).find("stalled"), std::string::npos);
}

TEST(ProgressLine, LongTimesAreInHours) {
  EXPECT_NE(progress_line({"f", 0, 7384, 1}, 80).find("ETA 2:03:04"), std::string::npos);
  EXPECT_NE(progress_line({"f", 0, UINT64_MAX, 1}, 80).find("ETA > 99 h"), std::string::npos);
}

TEST(ProgressLine, NeverIsWiderThanTheTerminal) {
  const std::string name(300, 'n');
  for (std::size_t width = 1; width <= 200; ++width) {
    const std::string line = progress_line({name, 5 * kMiB, 9 * kMiB, 1.0 * kMiB}, width);
    EXPECT_LE(line.size(), width) << line;
    EXPECT_EQ(line, progress_line({name, 5 * kMiB, 9 * kMiB, 1.0 * kMiB}, width));
  }
}

TEST(ProgressLine, AnEmptyFileIsWhole) {
  EXPECT_NE(progress_line({"f", 0, 0, 0}, 80).find("100%"), std::string::npos);
}

TEST(ProgressLine, ControlCharactersInANameDoNotReachTheTerminal) {
  EXPECT_EQ(progress_line({"a\x1b[2Jb", 0, 1, 1}, 80).find('\x1b'), std::string::npos);
}

TEST(ProgressLine, HalfACharacterDoesNotReachTheTerminal) {
  std::string name;
  for (int times = 0; times < 40; ++times) name += "\u201b";  // whose last byte is a C1 control
  for (std::size_t width = 40; width < 60; ++width) {
    const std::string line = progress_line({name, 5 * kMiB, 9 * kMiB, 1.0 * kMiB}, width);
    EXPECT_EQ(printable(line), line) << width;
  }
}

TEST(ReadableSize, HasAUnit) {
  EXPECT_EQ(readable_size(17), "17 B");
  EXPECT_EQ(readable_size(1536), "1.5 KiB");
  EXPECT_EQ(readable_size(2147483648.0), "2.0 GiB");
}

// Half of the file, a pause until the line is there, then the rest.
class ProgressOnATerminal : public ::testing::Test {
 protected:
  void TearDown() override { release(); }

  void release() {
    released_ = true;
    released_.notify_all();
  }

  void serve(Peer& peer) {
    const std::string frame = framed("json", std::string(2'000'000, 'p'));
    peer.receive();
    peer.send(frame.substr(0, frame.size() - 1'000'000));
    released_.wait(false);
    peer.send(frame.substr(frame.size() - 1'000'000));
    peer.receive_all();
  }

  ScratchFolder folder_;
  std::atomic<bool> released_ = false;
};

TEST_F(ProgressOnATerminal, IsDrawnAndWipedAway) {
  const ScriptedServer server([this](Peer& peer) { serve(peer); });
  ChildProcess process(
      client({server.address(), "-d", "json", "get", "film", "-o", folder_.path("out")}),
      {.on_terminal = true, .environment = {"TERM=xterm"}});
  EXPECT_TRUE(process.wait_for_output("\r\x1b[Kfilm  50% ["));
  EXPECT_TRUE(process.wait_for_output("stalled"));  // nothing comes: the line says so by itself
  release();
  const Ended ended = process.wait();
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_NE(
      ended.out.find("\r\x1b[Kframespec-client: " + folder_.path("out") + ": 2000000 bytes in "),
      std::string::npos)
      << ended.out;
}

TEST_F(ProgressOnATerminal, IsNotDrawnWhenQuietOrDumb) {
  release();
  const ScriptedServer server([this](Peer& peer) { serve(peer); });
  ChildProcess quiet(
      client({server.address(), "-d", "json", "-q", "get", "film", "-o", folder_.path("a")}),
      {.on_terminal = true, .environment = {"TERM=xterm"}});
  EXPECT_EQ(quiet.wait().out, "");
  ChildProcess dumb(
      client({server.address(), "-d", "json", "get", "film", "-o", folder_.path("b")}),
      {.on_terminal = true, .environment = {"TERM=dumb"}});
  EXPECT_EQ(dumb.wait().out.find('\x1b'), std::string::npos);
}

TEST_F(ProgressOnATerminal, ErrorsAreColouredOnlyThereAndOnlyIfWanted) {
  const OwnPort nobody_listens;
  const std::vector<std::string> failing = {nobody_listens.address(), "-d", "int32", "send", "x"};
  ChildProcess plain(client(failing), {.on_terminal = true, .environment = {"TERM=xterm"}});
  EXPECT_NE(plain.wait().out.find("\x1b[31merror: \x1b[0m"), std::string::npos);
  ChildProcess by_variable(client(failing),
                           {.on_terminal = true, .environment = {"TERM=xterm", "NO_COLOR=1"}});
  EXPECT_EQ(by_variable.wait().out.find('\x1b'), std::string::npos);
  std::vector<std::string> by_option = failing;
  by_option.emplace_back("--no-color");
  ChildProcess without(client(by_option), {.on_terminal = true, .environment = {"TERM=xterm"}});
  EXPECT_EQ(without.wait().out.find('\x1b'), std::string::npos);
  EXPECT_EQ(run_client(failing).err.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace framespec::client::test
