// End to end: framespec-client and framespec-server, both as processes.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <filesystem>
#include <memory>

#include "child_process.h"
#include "eventually.h"
#include "scratch_folder.h"
#include "watched_command.h"

namespace framespec::client::test {
namespace {

class ReferenceServer {
 public:
  explicit ReferenceServer(std::vector<std::string> arguments)
      : process_(command(std::move(arguments), folder_.path("port")), {.folder = folder_.path()}) {
    EXPECT_TRUE(eventually([this] { return !port().empty(); }))
        << "framespec-server does not start";
  }

  std::string address() const { return "127.0.0.1:" + port(); }
  long peak_rss_kib() const { return process_.peak_rss_kib_so_far(); }

 private:
  static std::vector<std::string> command(std::vector<std::string> arguments,
                                          const std::string& port_file) {
    arguments.insert(arguments.begin(), {FRAMESPEC_SERVER_PATH, "--listen", "127.0.0.1:0",
                                         "--port-file", port_file, "--quiet"});
    return arguments;
  }

  std::string port() const {
    if (!std::filesystem::exists(folder_.path("port"))) return {};
    const std::string text = folder_.read("port");
    return text.ends_with('\n') ? text.substr(0, text.size() - 1) : std::string();
  }

  ScratchFolder folder_;
  ChildProcess process_;
};

TEST(Server, EchoInEveryNamedDialect) {
  for (const char* dialect :
       {"int32", "int64", "json", "int32be", "int64be", "uint16be", "varint"}) {
    const ReferenceServer server({"--dialect", dialect, "--service", "echo"});
    const Ended ended = run_client(
        {server.address(), "-d", dialect, "-q", "send", "--expect-echo", "hello", "", "wörld"});
    EXPECT_EQ(ended.exit_code, 0) << dialect << to_string(ended);
    EXPECT_EQ(ended.out, "hello\n\nwörld\n") << dialect;
  }
}

TEST(Server, ThousandsOfPipelinedMessages) {
  const ReferenceServer server({"--dialect", "json", "--service", "echo"});
  std::string lines;
  for (int number = 0; number < 20'000; ++number) lines += std::to_string(number) + "\n";
  const Ended ended =
      run_client({server.address(), "-d", "json", "-q", "send", "--expect-echo"}, lines);
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_TRUE(ended.out == lines);
}

TEST(Server, ExecWithRawRequests) {
  const ReferenceServer server({"--dialect", "json", "--request", "raw", "--service", "exec",
                                "--exec-allow", "echo out; echo problem >&2", "--exec-timeout",
                                "60"});
  const Ended ended = run_client(
      {server.address(), "-d", "json", "--request", "raw", "exec", "echo out; echo problem >&2"});
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_EQ(ended.out, "out\nproblem\n");
}

// A command runs, and the client that has asked for it is ended.
void expect_command_ends_with_client(const std::vector<std::string>& wire, int signal) {
  const WatchedCommand command;
  std::vector<std::string> server_options{"--dialect", "int32", "--service", "exec"};
  server_options.insert(server_options.end(),
                        {"--exec-allow", command.text(), "--exec-timeout", "600"});
  server_options.insert(server_options.end(), wire.begin(), wire.end());
  const ReferenceServer server(server_options);
  std::vector<std::string> arguments{server.address(), "-d", "int32"};
  arguments.insert(arguments.end(), wire.begin(), wire.end());
  arguments.insert(arguments.end(), {"exec", command.text()});
  ChildProcess process(client(arguments));
  ASSERT_TRUE(command.has_begun());
  ASSERT_TRUE(command.is_running());
  process.signal(signal);
  const Ended ended = process.wait();
  EXPECT_EQ(ended.signal, signal) << to_string(ended);
  EXPECT_TRUE(command.has_ended()) << "the command still runs";
}

TEST(Server, ACommandEndsWithTheClientThatIsInterrupted) {
  expect_command_ends_with_client({}, SIGINT);
}

TEST(Server, ACommandEndsWithTheClientThatIsKilled) {
  expect_command_ends_with_client({}, SIGKILL);
}

TEST(Server, ACommandEndsWithTheClientThatHasHalfClosed) {
  expect_command_ends_with_client({"--request", "raw", "--reply", "raw"}, SIGINT);
}

TEST(Server, PromptAgainstUpper) {
  const ReferenceServer server({"--dialect", "int64", "--service", "upper"});
  const Ended ended = run_client({server.address(), "-d", "int64", "prompt"}, "one\n\ntwo\nquit\n");
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_EQ(ended.out, "ONE\nTWO\n");
}

TEST(Server, AFileThatIsNotThere) {
  const ScratchFolder served;
  const ScratchFolder stored;
  const ReferenceServer server({"--dialect", "json", "--service", "file:" + served.path()});
  const Ended ended =
      run_client({server.address(), "-d", "json", "get", "missing", "-o", stored.path("out")});
  EXPECT_EQ(ended.exit_code, 1) << to_string(ended);
  EXPECT_NE(ended.err.find("without a reply; perhaps it has no file 'missing'"), std::string::npos)
      << ended.err;
  EXPECT_EQ(stored.names(), std::vector<std::string>{});
}

constexpr off_t kHugeSize = off_t{2} * 1024 * 1024 * 1024;

// A sparse file with something to recognise at its ends, around 2^31, and here and there between.
void make_huge_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  ASSERT_GE(file, 0);
  ASSERT_EQ(::ftruncate(file, kHugeSize), 0);
  for (off_t at = 0; at < kHugeSize; at += 64'999'999) {
    const std::string marker = "marker at " + std::to_string(at);
    ASSERT_EQ(::pwrite(file, marker.data(), marker.size(), at),
              static_cast<ssize_t>(marker.size()));
  }
  ASSERT_EQ(::pwrite(file, "the end", 7, kHugeSize - 7), 7);
  ::close(file);
}

// The first byte in which two files differ, or -1.
off_t first_difference(const std::string& left, const std::string& right) {
  const int files[] = {::open(left.c_str(), O_RDONLY | O_CLOEXEC),
                       ::open(right.c_str(), O_RDONLY | O_CLOEXEC)};
  std::vector<char> buffers[] = {std::vector<char>(1 << 20), std::vector<char>(1 << 20)};
  off_t at = 0;
  off_t difference = -1;
  while (difference < 0) {
    const ssize_t sizes[] = {::read(files[0], buffers[0].data(), buffers[0].size()),
                             ::read(files[1], buffers[1].data(), buffers[1].size())};
    if (sizes[0] != sizes[1]) difference = at;
    if (sizes[0] <= 0 || difference >= 0) break;
    if (std::memcmp(buffers[0].data(), buffers[1].data(), static_cast<std::size_t>(sizes[0])) !=
        0) {
      difference = at;
    }
    at += sizes[0];
  }
  ::close(files[0]);
  ::close(files[1]);
  return difference;
}

// 2 GiB is one byte more than an int32 can say, and far more than either process may hold.
void fetch_two_gibibytes(const char* dialect) {
  const ScratchFolder served;
  make_huge_file(served.path("huge"));
  const ScratchFolder stored;
  const ReferenceServer server({"--dialect", dialect, "--service", "file:" + served.path()});
  // The server is silent while it computes an md5, for as long as a busy machine makes it.
  const Ended ended = run_client({server.address(), "-d", dialect, "--timeout", "0", "get", "huge",
                                  "-o", stored.path("huge")});
  ASSERT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_EQ(std::filesystem::file_size(stored.path("huge")),
            static_cast<std::uintmax_t>(kHugeSize));
  EXPECT_EQ(first_difference(served.path("huge"), stored.path("huge")), -1);
  EXPECT_GT(ended.peak_rss_kib, 0);
  EXPECT_LT(ended.peak_rss_kib, FRAMESPEC_RSS_KIB_MAX) << "client";
  EXPECT_LT(server.peak_rss_kib(), FRAMESPEC_RSS_KIB_MAX) << "server";
  std::printf("%s: client %ld KiB, server %ld KiB; %s", dialect, ended.peak_rss_kib,
              server.peak_rss_kib(), ended.err.c_str());
}

TEST(Server, TwoGibibytesArriveIntactInConstantMemoryInt64) { fetch_two_gibibytes("int64"); }

TEST(Server, TwoGibibytesArriveIntactInConstantMemoryJson) { fetch_two_gibibytes("json"); }

}  // namespace
}  // namespace framespec::client::test
