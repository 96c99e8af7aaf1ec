// Dialects by name, and from files.
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>
#include <vector>

#include "embedded_dialects.h"
#include "framespec/dialect.h"
#include "framespec/shortened.h"
#include "nearest_name.h"

namespace framespec {
namespace {

// Never destroyed, so that it can be used while a program ends.
const std::vector<Dialect>& shipped() {
  static const std::vector<Dialect>& dialects = *[] {
    auto* parsed = new std::vector<Dialect>;
    for (const EmbeddedDialect& embedded : embedded_dialects()) {
      // A file that does not parse cannot be reported from here; dialect_test.cc parses each.
      if (auto dialect = parse_dialect(embedded.json_text)) {
        parsed->push_back(*std::move(dialect));
      }
    }
    return parsed;
  }();
  return dialects;
}

DialectError unknown_name(const std::string& name) {
  std::vector<std::string_view> names;
  for (const Dialect& dialect : shipped()) names.push_back(dialect.name);
  std::string message = "there is no dialect and no file called \"" + shortened(name) + "\"";
  const std::string_view nearest = nearest_name(name, names);
  message += nearest.empty() ? "." : "; did you mean \"" + std::string(nearest) + "\"?";
  return {.path = "",
          .message = message + " The dialects are " + join_names(names) +
                     ", or give the path of a dialect file",
          .file = ""};
}

std::string system_message(int code) { return std::generic_category().message(code); }

std::expected<std::string, DialectError> read_text(const std::string& path) {
  const auto fail = [&](const std::string& why) {
    return std::unexpected(
        DialectError{.path = "", .message = "cannot be read: " + why, .file = path});
  };
  std::error_code status_error;
  const std::filesystem::file_status status = std::filesystem::status(path, status_error);
  if (std::filesystem::is_directory(status)) return fail("it is a directory");
  // Opening one waits for somebody who writes to it: perhaps for ever.
  if (std::filesystem::is_fifo(status)) return fail("it is a pipe (FIFO); give an ordinary file");
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(system_message(errno));
  // One byte more than allowed, so that a file that is too large, or endless, is seen as such.
  std::string text(kDialectFileSizeMax + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad()) return fail(system_message(errno));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

}  // namespace

std::span<const Dialect> shipped_dialects() { return shipped(); }

const Dialect* find_dialect(std::string_view name) {
  for (const Dialect& dialect : shipped()) {
    if (dialect.name == name) return &dialect;
  }
  return nullptr;
}

std::expected<Dialect, DialectError> load_dialect(const std::string& name_or_path) {
  if (const Dialect* dialect = find_dialect(name_or_path)) return *dialect;
  std::error_code status_error;
  if (!std::filesystem::exists(name_or_path, status_error) && !status_error) {
    return std::unexpected(unknown_name(name_or_path));
  }
  auto text = read_text(name_or_path);
  if (!text) return std::unexpected(std::move(text).error());
  auto dialect = parse_dialect(*text);
  if (!dialect) dialect.error().file = name_or_path;
  return dialect;
}

}  // namespace framespec
