// Opens what the user names as a file to be read.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

#include "framespec/printable.h"
#include "framespec/shortened.h"
#include "launch/unique_fd.h"

namespace framespec::conformance {

/// An ordinary file, open for reading; or why it cannot be read, without its name: "is a pipe
/// (FIFO); give an ordinary file". Waits for nobody: what is no ordinary file might never end.
[[nodiscard]] std::expected<UniqueFd, std::string> open_input(const std::string& path);

/// Appends up to `size_max` bytes more to `text`, or up to the end of the file: how many; or why
/// not.
[[nodiscard]] std::expected<std::size_t, std::string> read_input(const UniqueFd& fd,
                                                                 std::size_t size_max,
                                                                 std::string& text);

/// All of an ordinary file that has at most `size_max` bytes; or why not, without its name.
[[nodiscard]] std::expected<std::string, std::string> read_whole_input(const std::string& path,
                                                                       std::size_t size_max);

/// What `parse` makes of all of such a file, or a sentence that names the file. `parse` takes the
/// text and gives a std::expected whose error has a to_string().
template <typename Parse>
[[nodiscard]] auto parse_input(const std::string& path, std::size_t size_max, const Parse& parse) {
  using Parsed =
      std::expected<typename decltype(parse(std::string_view()))::value_type, std::string>;
  const auto named = [&](const std::string& why) {
    return Parsed(std::unexpect, printable(shortened(path)) + ": " + printable(why));
  };
  const auto text = read_whole_input(path, size_max);
  if (!text) return named(text.error());
  auto parsed = parse(std::string_view(*text));
  return parsed ? Parsed(*std::move(parsed)) : named(to_string(parsed.error()));
}

}  // namespace framespec::conformance
