#include "report/repeat_command.h"

#include <fmt/format.h>

#include <chrono>

#include "launch/command_template.h"
#include "runner/run.h"
#include "suite/exchange.h"

namespace framespec::conformance {
namespace {

std::string played(const ConversationChoice& choice) {
  std::string command = "invariance";
  if (!choice.recording.empty()) command += " " + shell_word(choice.recording);
  if (!choice.stream.empty()) command += " --stream " + shell_word(choice.stream);
  if (!choice.capture.empty()) command += " --capture " + shell_word(choice.capture);
  if (!choice.flow.empty()) command += " --flow " + shell_word(choice.flow);
  return command;
}

std::string of_conversation(const ConversationChoice& choice, const DialectResult& dialect) {
  std::string options;
  if (!is_unframed(dialect.dialect)) {
    options += fmt::format(" --dialect {}", shell_word(dialect.option));
  }
  if (choice.is_pipelined) options += " --pipelined";
  for (const std::string& mask : choice.masks) options += " --mask " + shell_word(mask);
  if (!choice.before_each.empty()) {
    options += fmt::format(" --before-each {}", shell_word(choice.before_each));
  }
  return options;
}

}  // namespace

std::string command_to_repeat(const RunResult& run, const DialectResult& dialect,
                              const std::string& id) {
  const TesteeChoice& testee = run.testee;
  std::string command = fmt::format("{} {} --{} {}", shell_word(run.program),
                                    testee.conversation ? played(*testee.conversation) : "run",
                                    name_of(testee.kind), shell_word(testee.value));
  if (testee.reconnects) command += " --client-reconnects";
  if (!testee.listen.empty()) command += fmt::format(" --listen {}", shell_word(testee.listen));
  if (testee.conversation) {
    command += of_conversation(*testee.conversation, dialect);
  } else if (!testee.answers.empty()) {
    command += fmt::format(" --answer {}", shell_word(testee.answers));
  } else {
    if (!testee.observe.empty() && testee.observe != kObserveDefault) {
      command += fmt::format(" --observe {}", shell_word(testee.observe));
    }
    command += fmt::format(" --dialect {}", shell_word(dialect.option));
  }
  const auto in_seconds = [](std::chrono::milliseconds time) {
    return std::chrono::duration<double>(time).count();
  };
  if (run.max_payload != kMaxPayloadDefault) {
    command += fmt::format(" --max-payload {}", run.max_payload);
  }
  if (run.frame_timeout) {
    command += fmt::format(" --frame-timeout {}", in_seconds(*run.frame_timeout));
  }
  if (run.time_limit != kTimeLimitDefault) {
    command += fmt::format(" --time-limit {}", in_seconds(run.time_limit));
  }
  if (testee.kind != TesteeKind::kServer && run.start_limit != kStartLimitDefault) {
    command += fmt::format(" --start-limit {}", in_seconds(run.start_limit));
  }
  // Only random segmentations depend on it.
  if (run.seed != kSeedDefault) command += fmt::format(" --seed {}", run.seed);
  if (run.pace) {
    command +=
        fmt::format(" --pace {}", std::chrono::duration<double, std::milli>(*run.pace).count());
  }
  if (run.accepts_paced) command += " --accept paced";
  if (run.suites != "built-in" && testee.answers.empty() && !testee.conversation)
    command += fmt::format(" --suites {}", shell_word(run.suites));
  return command + fmt::format(" --filter {}", shell_word(id));
}

}  // namespace framespec::conformance
