#include "report/bisection_text.h"

#include <fmt/format.h>

#include <cmath>

#include "report/printable.h"

namespace framespec::bench {
namespace {

std::string name_of(const CountedCommit& commit) {
  return fmt::format("{:.12} ({})", commit.id, printable(commit.subject));
}

std::string change_in_words(double before, double after) {
  const double change = after / before - 1;
  return fmt::format("{:.2f} % {} instructions ({:.0f} before, {:.0f} since)",
                     std::abs(change) * 100, change < 0 ? "fewer" : "more", before, after);
}

}  // namespace

std::string commit_line(const CountedCommit& commit) {
  if (commit.instructions) {
    return fmt::format("{:>14.0f}  {}\n", *commit.instructions, name_of(commit));
  }
  return fmt::format("{:>14}  {}: {}\n", "skipped", name_of(commit),
                     printable(commit.why.substr(0, commit.why.find('\n'))));
}

std::string bisection_text(const Bisection& found, const std::string& benchmark) {
  if (found.suspects.size() == 1) {
    const CountedCommit& commit = found.suspects.front();
    return fmt::format("{} is the first commit with which {} takes {}\n", name_of(commit),
                       printable(benchmark),
                       change_in_words(*found.before.instructions,
                                       commit.instructions.value_or(*found.bad.instructions)));
  }
  std::string text = fmt::format(
      "one of {} commits is the first with which {} takes {}; the others could not be looked at:\n",
      found.suspects.size(), printable(benchmark),
      change_in_words(*found.before.instructions, *found.bad.instructions));
  for (const CountedCommit& commit : found.suspects) {
    text += fmt::format("  {}\n", name_of(commit));
  }
  return text;
}

}  // namespace framespec::bench
