#include "report/matrix_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <span>

#include "framespec/dialect.h"
#include "framespec/json_syntax.h"
#include "report/input_file.h"
#include "report/json_fields.h"

namespace framespec::conformance {
namespace {

using Json = JsonFields::Json;

constexpr std::size_t kMatrixSizeMax = std::size_t{16} * 1024 * 1024;
constexpr std::size_t kTesteeNameSizeMax = 64;
constexpr double kSecondsMin = 0.05;
constexpr double kSecondsMax = 3600;
constexpr JsonFileKind kMatrixFile{.name = "matrix file", .depth_max = 4};
constexpr std::array<std::string_view, 2> kMatrixMembers = {"format", "testees"};
constexpr std::array<std::string_view, 13> kTesteeMembers = {
    "name",        "implementation", "launch",  "client",      "dialects",
    "answer",      "known_failing",  "observe", "max_payload", "time_limit",
    "start_limit", "filters",        "excludes"};

struct WrongPlace {
  std::string path;
  std::string message;
};

std::string to_string(const WrongPlace& wrong) { return wrong.path + ": " + wrong.message; }

void check_members(const Json& object, const std::string& path,
                   std::span<const std::string_view> members) {
  for (const auto& [name, value] : object.items()) {
    if (std::ranges::find(members, name) != members.end()) continue;
    throw WrongMember{
        .path = member_path(path, name),
        .message = fmt::format("is not known; the members here are {}", fmt::join(members, ", "))};
  }
}

std::string text_if_any(const JsonFields& json, const char* key) {
  std::string text = json.text_if_any(key);
  if (json.has(key) && text.empty()) json.reject(key, "a text, or left out");
  return text;
}

std::vector<std::string> texts_if_any(const JsonFields& json, const char* key) {
  if (!json.has(key)) return {};
  std::vector<std::string> texts = json.texts(key);
  if (std::ranges::any_of(texts, &std::string::empty)) json.reject(key, "texts that are not empty");
  return texts;
}

std::optional<double> seconds_if_any(const JsonFields& json, const char* key) {
  if (!json.has(key)) return std::nullopt;
  const Json& value = json.at(key);
  if (!value.is_number() || value.get<double>() < kSecondsMin ||
      value.get<double>() > kSecondsMax) {
    json.reject(key, fmt::format("a number of seconds from {} to {}", kSecondsMin, kSecondsMax));
  }
  return value.get<double>();
}

bool is_name(std::string_view text) {
  constexpr std::string_view kLetters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  return !text.empty() && text.size() <= kTesteeNameSizeMax &&
         kLetters.find(text.front()) != std::string_view::npos &&
         text.find_first_not_of(std::string(kLetters) + "._-") == std::string_view::npos;
}

MatrixTestee read_testee(const Json& object, const std::string& path) {
  const JsonFields json(object, path);
  check_members(object, path, kTesteeMembers);
  MatrixTestee testee{.name = json.text("name"),
                      .implementation = json.plain_text("implementation"),
                      .launch = text_if_any(json, "launch"),
                      .client = text_if_any(json, "client"),
                      .dialects = texts_if_any(json, "dialects"),
                      .answer = text_if_any(json, "answer"),
                      .known_failing = text_if_any(json, "known_failing"),
                      .observe = text_if_any(json, "observe"),
                      .time_limit_s = seconds_if_any(json, "time_limit"),
                      .start_limit_s = seconds_if_any(json, "start_limit"),
                      .filters = texts_if_any(json, "filters"),
                      .excludes = texts_if_any(json, "excludes")};
  if (!is_name(testee.name)) {
    json.reject("name", fmt::format("up to {} letters, digits, '.', '_' and '-', the first a "
                                    "letter or digit",
                                    kTesteeNameSizeMax));
  }
  if (testee.launch.empty() == testee.client.empty()) {
    throw WrongMember{.path = path, .message = "must have \"launch\" or \"client\", and not both"};
  }
  if (testee.dialects.empty() == testee.answer.empty()) {
    throw WrongMember{.path = path,
                      .message = "must have \"dialects\", one at least, or \"answer\", not both"};
  }
  if (json.has("max_payload")) {
    testee.max_payload = json.count("max_payload", kPayloadSizeMax);
    if (*testee.max_payload == 0) json.reject("max_payload", "1 at least");
  }
  return testee;
}

std::vector<MatrixTestee> read_document(const Json& document) {
  const JsonFields json(document, "$");
  check_members(document, "$", kMatrixMembers);
  if (json.text("format") != kMatrixFormat) {
    json.reject("format", fmt::format("\"{}\"", kMatrixFormat));
  }
  const Json& all = json.at("testees");
  if (!all.is_array() || all.empty()) json.reject("testees", "an array of one testee or more");
  std::vector<MatrixTestee> testees;
  for (std::size_t index = 0; index < all.size(); ++index) {
    const std::string path = fmt::format("$.testees[{}]", index);
    MatrixTestee testee = read_testee(all[index], path);
    if (std::ranges::find(testees, testee.name, &MatrixTestee::name) != testees.end()) {
      throw WrongMember{.path = path + ".name",
                        .message = fmt::format("\"{}\" is the name of another one", testee.name)};
    }
    testees.push_back(std::move(testee));
  }
  return testees;
}

std::expected<std::vector<MatrixTestee>, WrongPlace> parse_matrix(std::string_view text) {
  if (const auto syntax = check_json_syntax(text, kMatrixFile); !syntax) {
    return std::unexpected(WrongPlace{syntax.error().path, syntax.error().message});
  }
  try {
    return read_document(Json::parse(text));
  } catch (const WrongMember& wrong) {
    return std::unexpected(WrongPlace{wrong.path, wrong.message});
  }
}

}  // namespace

std::expected<std::vector<MatrixTestee>, std::string> read_matrix(const std::string& path) {
  return parse_input(path, kMatrixSizeMax, parse_matrix);
}

}  // namespace framespec::conformance
