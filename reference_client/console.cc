#include "console.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "framespec/printable.h"

namespace framespec::client {

namespace {

// Read once, before any other thread can exist.
bool is_set(const char* variable) {
  const char* const value = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe)
  return value != nullptr && *value != '\0';
}

// Nobody is left to be told when standard error itself cannot be written.
void show(std::string_view line) {
  [[maybe_unused]] const auto written = std::fwrite(line.data(), 1, line.size(), stderr);
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

std::string Console::line(std::string_view label, std::string_view colour,
                          std::string_view text) const {
  const std::string safe = printable(text);
  return colour_ && !colour.empty()
             ? fmt::format("framespec-client: \x1b[{}m{}\x1b[0m{}\n", colour, label, safe)
             : fmt::format("framespec-client: {}{}\n", label, safe);
}

std::string Console::error_line(std::string_view text) const { return line("error: ", "31", text); }

void Console::error(std::string_view text) const { show(error_line(text)); }
void Console::warning(std::string_view text) const { show(line("warning: ", "33", text)); }
void Console::note(std::string_view text) const {
  if (!quiet_) show(line("", "", text));
}
void Console::detail(std::string_view text) const {
  if (verbose_) show(line("", "", text));
}

}  // namespace framespec::client
