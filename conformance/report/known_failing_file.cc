#include "report/known_failing_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

#include "framespec/json_syntax.h"
#include "report/input_file.h"
#include "report/known_json.h"

namespace framespec::conformance {
namespace {

using Json = JsonFields::Json;

constexpr std::size_t kListSizeMax = std::size_t{16} * 1024 * 1024;
constexpr JsonFileKind kListLine{.name = "line of a list of known failures", .depth_max = 2};
constexpr std::array<std::string_view, 5> kEntryMembers = {"cases", "failure", "class", "reason",
                                                           "link"};

struct WrongLine {
  std::uint64_t number = 0;
  std::string what;
};

std::string to_string(const WrongLine& wrong) {
  return fmt::format("line {}: {}", wrong.number, wrong.what);
}

/// Throws WrongMember. Nothing for the first line.
std::optional<KnownFailure> read_line(std::string_view line, std::uint64_t number, bool is_first) {
  if (const auto syntax = check_json_syntax(line, kListLine); !syntax) {
    throw WrongMember{.path = syntax.error().path, .message = syntax.error().message};
  }
  const Json document = Json::parse(line);
  const JsonFields json(document, "$");
  for (const auto& [name, value] : document.items()) {
    const bool is_known =
        is_first ? name == "format" : std::ranges::find(kEntryMembers, name) != kEntryMembers.end();
    if (!is_known) {
      throw WrongMember{
          .path = member_path("$", name),
          .message = fmt::format("is not a member of {}",
                                 is_first ? "the first line, which has \"format\" alone"
                                          : "an entry: they are cases, failure, class, reason and "
                                            "link")};
    }
  }
  if (!is_first) return read_known_failure(json, number);
  if (json.text("format") != kKnownFailingFormat) {
    json.reject("format", fmt::format("\"{}\"", kKnownFailingFormat));
  }
  return std::nullopt;
}

std::expected<KnownFailures, WrongLine> parse_known_failing(std::string_view text) {
  KnownFailures known;
  bool has_begun = false;
  for (std::uint64_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(" \t") == std::string_view::npos) continue;
    try {
      if (auto entry = read_line(line, number, !has_begun)) {
        known.entries.push_back(*std::move(entry));
      }
      has_begun = true;
    } catch (const WrongMember& wrong) {
      return std::unexpected(WrongLine{
          .number = number,
          .what = has_begun ? fmt::format("{}: {}", wrong.path, wrong.message)
                            : fmt::format("it must be {{\"format\":\"{}\"}}: {}: {}",
                                          kKnownFailingFormat, wrong.path, wrong.message)});
    }
  }
  if (!has_begun) {
    return std::unexpected(WrongLine{
        .number = 1, .what = fmt::format("it must be {{\"format\":\"{}\"}}", kKnownFailingFormat)});
  }
  return known;
}

}  // namespace

std::expected<KnownFailures, std::string> read_known_failing(const std::string& path) {
  auto known = parse_input(path, kListSizeMax, parse_known_failing);
  if (known) known->file = path;
  return known;
}

std::string known_failing_text(std::span<const KnownFailure> entries) {
  const auto line = [](const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  };
  std::string text = line({{"format", kKnownFailingFormat}});
  for (const KnownFailure& entry : entries) text += line(known_json(entry));
  return text;
}

}  // namespace framespec::conformance
