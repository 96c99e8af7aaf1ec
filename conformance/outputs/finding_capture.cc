#include "outputs/finding_capture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <string_view>

#include "framespec/printable.h"
#include "outputs/attempt_packets.h"
#include "outputs/pcapng.h"
#include "report/finding_text.h"
#include "report/repeat_command.h"

namespace framespec::conformance {
namespace {

std::string about(const RunResult& run, const Finding& finding, const RecordedAttempt& attempt) {
  const std::string& id = id_of(finding);
  std::string text =
      fmt::format("{}\nmust hold: {}\n", id, printable(finding.example->facts.title));
  if (const auto& failure = attempt_of(finding).failure) {
    text += fmt::format("expected: {}\ncame: {}\n", printable(failure->expected),
                        printable(failure->came));
  }
  if (!attempt.made.attempt.failure) {
    text += "what came is not recorded, as the check itself went well\n";
  }
  return text + fmt::format("again: {}\nThe packets are made up of the steps of one attempt.",
                            printable(command_to_repeat(run, *finding.dialect, id)));
}

}  // namespace

std::string finding_capture(const RunResult& run, const Finding& finding,
                            const RecordedAttempt& attempt, const Replay& replay) {
  return pcapng(attempt_packets(attempt, replay), about(run, finding, attempt),
                "framespec " + run.version);
}

std::string capture_name(const Finding& finding) {
  constexpr std::size_t kNameMax = 200;
  std::string name = id_of(finding).substr(0, kNameMax);
  std::ranges::replace(name, '/', '.');
  for (char& letter : name) {
    const bool is_plain = std::isalnum(static_cast<unsigned char>(letter)) != 0 ||
                          std::string_view("._-+").contains(letter);
    if (!is_plain) letter = '_';
  }
  // No hidden file, and none that looks like an option.
  if (name.starts_with('.') || name.starts_with('-')) name.front() = '_';
  return name + ".pcapng";
}

}  // namespace framespec::conformance
