#include "cli/history_file.h"

#include <filesystem>
#include <system_error>

#include "cli/output.h"
#include "history/history.h"

namespace framespec::bench {

std::optional<std::string> why_no_history(const std::string& file) {
  std::error_code none;
  const bool is_made =
      std::filesystem::exists(file, none) && !std::filesystem::is_empty(file, none);
  if (is_made) {
    const auto opened = History::open(file);
    return opened ? std::nullopt : std::optional(opened.error());
  }
  return is_writable(file) ? std::nullopt : std::optional(file + " cannot be written");
}

}  // namespace framespec::bench
