// The article's servers, as conformance/testees/article has them in Python, and our client.
#include <gtest/gtest.h>

#include "child_process.h"
#include "scratch_folder.h"

namespace framespec::client::test {
namespace {

bool has_part(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class ArticleServer {
 public:
  explicit ArticleServer(const std::string& program, std::vector<std::string> more = {"0"})
      : process_(command(program, std::move(more)),
                 {.environment = {"PYTHONDONTWRITEBYTECODE=1"}}) {
    EXPECT_TRUE(process_.wait_for_output("\n")) << program << " does not start";
  }

  /// Where it listens; it says so in its first line.
  std::string address() const { return process_.line_after("listening on "); }

  /// Everything it has printed, once it has ended by itself.
  std::string printed() { return process_.wait().out; }

 private:
  static std::vector<std::string> command(const std::string& program,
                                          std::vector<std::string> more) {
    std::vector<std::string> all{FRAMESPEC_PYTHON_PATH, "-u",
                                 FRAMESPEC_ARTICLE_FOLDER "/" + program};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  ChildProcess process_;
};

std::vector<std::string> raw(const std::string& address, std::vector<std::string> command) {
  command.insert(command.begin(), {address, "--request", "raw", "--reply", "raw", "-q"});
  return command;
}

std::vector<std::string> framed_replies(const std::string& address, const char* dialect,
                                        std::vector<std::string> command) {
  command.insert(command.begin(), {address, "--request", "raw", "-d", dialect, "-q"});
  return command;
}

TEST(Article, Row1OneShotEcho) {
  const ArticleServer server("one_shot_server.py");
  const Ended ended = run_client(raw(server.address(), {"send", "hello"}));
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_EQ(ended.out, "hello\n");
}

TEST(Article, Row2CommunicationLoop) {
  const ArticleServer server("communication_loop_server.py");
  const Ended ended = run_client(raw(server.address(), {"send", "hello", "world"}));
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_EQ(ended.out, "HELLO\nWORLD\n");
}

TEST(Article, Row3ConnectionLoop) {
  const ArticleServer server("connection_loop_server.py");
  for (const char* text : {"one", "two"}) {
    const Ended ended =
        run_client(raw(server.address(), {"prompt"}), std::string(text) + "\n\nexit\n");
    EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
    EXPECT_EQ(ended.out, text == std::string("one") ? "ONE\n" : "TWO\n");
  }
}

TEST(Article, Row4RemoteCommandWithoutFraming) {
  const ArticleServer server("remote_command_unframed_server.py");
  const Ended ended = run_client(raw(server.address(), {"exec", "seq 5000; echo problem >&2"}));
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_TRUE(ended.out.starts_with("1\n2\n")) << ended.out.substr(0, 100);
  EXPECT_TRUE(ended.out.ends_with("4999\n5000\nproblem\n"));
  EXPECT_EQ(ended.out.size(), 23893U + 8U);
}

TEST(Article, Row5StickyReceiver) {
  ArticleServer server("sticky_receiver.py");
  const Ended ended =
      run_client(raw(server.address(), {"send", "--no-reply", "hello", "world", "musibii", "1"}));
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_EQ(server.printed(), "listening on " + server.address() + "\nhello\nworld\nmusibii1\n\n");
}

TEST(Article, Rows6And7RemoteCommandWithAPrefix) {
  for (const auto& [program, dialect] : {std::pair{"remote_command_int32_server.py", "int32"},
                                         std::pair{"remote_command_int64_server.py", "int64"}}) {
    const ArticleServer server(program);
    const Ended exec = run_client(
        framed_replies(server.address(), dialect, {"exec", "seq 5000; echo problem >&2"}));
    EXPECT_EQ(exec.exit_code, 0) << exec.err;
    EXPECT_EQ(exec.out.size(), 23893U + 8U);
    EXPECT_TRUE(exec.out.ends_with("5000\nproblem\n"));
    const Ended empty = run_client(framed_replies(server.address(), dialect, {"exec", "true"}));
    EXPECT_EQ(empty.exit_code, 0) << to_string(empty);
    EXPECT_EQ(empty.out, "");
    const Ended prompt = run_client(framed_replies(server.address(), dialect, {"prompt"}),
                                    "echo a\n\necho b\nquit\n");
    EXPECT_EQ(prompt.out, "a\nb\n") << to_string(prompt);
  }
}

TEST(Article, Row8RemoteCommandWithAJsonHeaderAndAWrongMd5) {
  const ArticleServer server("remote_command_json_server.py");
  const Ended verify = run_client(framed_replies(server.address(), "json", {"exec", "echo hi"}));
  EXPECT_EQ(verify.exit_code, 1) << to_string(verify);
  EXPECT_TRUE(has_part(verify.err, "digest_mismatch")) << verify.err;
  EXPECT_TRUE(has_part(verify.err, "165069c8f668edb6b48f208f7a5c6a00")) << verify.err;
  for (const char* policy : {"warn", "ignore"}) {
    const Ended passed =
        run_client(framed_replies(server.address(), "json", {"exec", "echo hi", "--md5", policy}));
    EXPECT_EQ(passed.exit_code, 0) << to_string(passed);
    EXPECT_EQ(passed.out, "hi\n");
    EXPECT_EQ(has_part(passed.err, "warning: digest_mismatch"), policy == std::string("warn"));
  }
  const ScratchFolder folder;
  const Ended get = run_client(
      framed_replies(server.address(), "json",
                     {"get", "seq 100000", "-o", folder.path("out"), "--md5", "ignore"}));
  EXPECT_EQ(get.exit_code, 0) << to_string(get);
  EXPECT_EQ(folder.read("out").size(), 588'895U);
}

}  // namespace
}  // namespace framespec::client::test
