#include "console.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "printable.h"

namespace framespec::client {

namespace {

// Read once, before any other thread can exist.
bool is_set(const char* variable) {
  const char* const value = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe)
  return value != nullptr && *value != '\0';
}

bool terminal_moves_cursor() {
  const char* const term = std::getenv("TERM");  // NOLINT(concurrency-mt-unsafe): as above
  return ::isatty(STDERR_FILENO) == 1 && term != nullptr && std::string_view(term) != "dumb";
}

}  // namespace

Console::Console(Settings settings)
    : quiet_(settings.quiet),
      verbose_(settings.verbose),
      terminal_(terminal_moves_cursor()),
      colour_(settings.color && terminal_ && !is_set("NO_COLOR")) {}

void Console::line(std::string_view label, std::string_view colour, std::string_view text) const {
  const std::string safe = printable(text);
  const std::string shown =
      colour_ && !colour.empty()
          ? fmt::format("framespec-client: \x1b[{}m{}\x1b[0m{}\n", colour, label, safe)
          : fmt::format("framespec-client: {}{}\n", label, safe);
  // Nobody is left to be told when standard error itself cannot be written.
  [[maybe_unused]] const auto written = std::fwrite(shown.data(), 1, shown.size(), stderr);
}

void Console::error(std::string_view text) const { line("error: ", "31", text); }
void Console::warning(std::string_view text) const { line("warning: ", "33", text); }
void Console::note(std::string_view text) const {
  if (!quiet_) line("", "", text);
}
void Console::detail(std::string_view text) const {
  if (verbose_) line("", "", text);
}

}  // namespace framespec::client
