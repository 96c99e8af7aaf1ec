// Reads suite files. A mistake in one is reported with its place, never guessed around.
#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <sstream>
#include <utility>

#include "framespec/json_syntax.h"
#include "framespec/md5.h"
#include "framespec/printable.h"
#include "suite/conditions.h"
#include "suite/embedded.h"
#include "suite/placement.h"
#include "suite/segmentation_family.h"
#include "suite/spec_rules.h"
#include "suite/step_file.h"
#include "suite/suite.h"
#include "suite/suite_case.h"
#include "suite/suite_reader.h"

namespace framespec::conformance {
namespace {

using Json = nlohmann::ordered_json;

std::string read_name(const SuiteNode& node) {
  auto name = node.text();
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  if (name.empty() || !std::ranges::all_of(name, is_allowed)) {
    node.fail("a name consists of a-z, 0-9 and _, because it becomes part of an id");
  }
  return name;
}

std::string read_sentence(const SuiteNode& node) {
  auto text = node.text();
  if (text.empty()) node.fail("a sentence is needed here");
  return text;
}

Release read_release(const SuiteNode& node) {
  const auto release = parse_release(node.text());
  if (!release) node.fail("\"" + node.text() + "\" is no release, such as \"0.1\"");
  return *release;
}

std::vector<std::string> read_rules(const SuiteNode& node) {
  std::vector<std::string> rules;
  for (std::size_t i = 0; i < node.count(); ++i) {
    const auto id = node.at(i).text();
    if (find_spec_rule(id) == nullptr) node.at(i).fail("SPEC.md has no rule \"" + id + "\"");
    if (std::ranges::find(rules, id) != rules.end()) node.at(i).fail("the rule is listed twice");
    rules.push_back(id);
  }
  if (rules.empty()) node.fail("a case names at least one rule of SPEC.md");
  return rules;
}

bool is_value(const Json& json) {
  return json.is_string() && json.get_ref<const std::string&>() == "$value";
}

bool uses_value(const Json& json) {
  return is_value(json) || (json.is_structured() && std::ranges::any_of(json, uses_value));
}

/// Replaces every text "$value".
void put_value(Json& json, const Json& value) {
  if (is_value(json)) {
    json = value;
  } else if (json.is_structured()) {
    for (auto& member : json) put_value(member, value);
  }
}

std::vector<CaseValue> read_values(const SuiteNode& node) {
  const auto steps = node.at("steps");
  std::vector<CaseValue> result;
  if (!node.has("values")) {
    if (uses_value(steps.json()))
      steps.fail("\"$value\" stands for the values of the case, and it has none");
    result.push_back({"", read_steps(steps)});
    return result;
  }
  const auto values = node.at("values");
  if (!values.json().is_object() || values.json().empty()) {
    values.fail("values are an object of at least one name, such as {\"minus_one\": -1}");
  }
  if (!uses_value(steps.json())) values.fail("no step uses \"$value\"");
  for (const auto& [name, value] : values.json().items()) {
    const Json name_json = name;
    read_name({name_json, node.file(), values.path() + "." + name});
    Json replaced = steps.json();
    put_value(replaced, value);
    try {
      result.push_back({name, read_steps({replaced, node.file(), steps.path()})});
    } catch (BadSuite& bad) {
      bad.error.message += " (with the value \"" + name + "\")";
      throw;
    }
  }
  return result;
}

/// Adds to the values, or to the one case there is, the same in other places.
void put_in_places(const SuiteNode& places, std::vector<CaseValue>& values) {
  if (places.count() == 0) places.fail("at least one place is needed");
  const std::vector<CaseValue> first = values;
  for (std::size_t i = 0; i < places.count(); ++i) {
    const auto name = places.at(i).text();
    const auto place = place_named(name);
    if (!place) {
      places.at(i).fail("\"" + name +
                        "\" is not a place; there are behind_a_frame, after_an_answer and "
                        "on_a_second_connection");
    }
    for (const CaseValue& value : first) {
      auto steps = put(*place, value.steps);
      if (!steps) places.fail("only a case that sends, and on \"main\" alone, has places");
      auto placed = value.name.empty() ? name : value.name + "_" + name;
      if (std::ranges::find(values, placed, &CaseValue::name) != values.end()) {
        places.at(i).fail("a value \"" + placed + "\" is there already");
      }
      values.push_back({std::move(placed), *std::move(steps), true});
    }
  }
}

bool ends_behind_cut(const std::vector<CaseStep>& steps) {
  const auto cut = std::ranges::find_if(steps, [](const CaseStep& step) {
    const auto* send = std::get_if<SendStep>(&step.action);
    return send != nullptr && send->is_cut;
  });
  return steps.end() - cut > 1 && std::holds_alternative<Finish>(cut[1].action) &&
         cut[1].connection == cut->connection;
}

SuiteCase read_case(const SuiteNode& node, const std::string& area, std::optional<Release> since) {
  node.allow_keys({"name", "title", "why", "remedy", "rules", "level", "since", "for",
                   "segmentations", "values", "places", "long", "steps"});
  SuiteCase result{.area = area,
                   .name = read_name(node.at("name")),
                   .title = read_sentence(node.at("title")),
                   .why = read_sentence(node.at("why")),
                   .remedy = {},
                   .rules = read_rules(node.at("rules")),
                   .conditions = {},
                   .segmentations = {},
                   .values = read_values(node)};
  result.since = node.has("since") ? std::optional(read_release(node.at("since"))) : since;
  if (node.has("level")) {
    result.level = std::array{Level::kMust, Level::kShould, Level::kMay}.at(
        node.at("level").one_of({"must", "should", "may"}));
  }
  if (node.has("remedy")) result.remedy = read_sentence(node.at("remedy"));
  if (node.has("long")) result.is_long = node.at("long").boolean();
  if (node.has("for")) result.conditions = read_conditions(node.at("for"));
  if (node.has("places")) put_in_places(node.at("places"), result.values);
  if (!node.has("segmentations")) return result;
  const auto families = node.at("segmentations");
  for (std::size_t i = 0; i < families.count(); ++i) {
    const auto family = parse_segmentation_family(families.at(i).text());
    if (!family) families.at(i).fail(family.error());
    for (std::size_t j = 0; j < i; ++j) {
      if (families.at(j).json() == families.at(i).json()) families.at(i).fail("it is listed twice");
    }
    result.segmentations.push_back(*family);
  }
  const bool has_cut_step = std::ranges::any_of(result.values, [](const CaseValue& value) {
    return std::ranges::any_of(value.steps, [](const CaseStep& step) {
      const auto* send = std::get_if<SendStep>(&step.action);
      return send != nullptr && send->is_cut;
    });
  });
  if (!has_cut_step)
    families.fail("no send step is cut: write \"cut\": true in the one that is meant");
  if (std::ranges::any_of(result.segmentations, has_end, &SegmentationFamily::name) &&
      !std::ranges::all_of(result.values, ends_behind_cut, &CaseValue::steps)) {
    families.fail(
        "\"+end\" needs a {\"finish\": …} right behind the send step that is cut, on its "
        "connection");
  }
  return result;
}

Suite read_suite(const SuiteNode& node) {
  node.allow_keys({"$schema", "area", "title", "since", "cases"});
  if (node.has("$schema")) static_cast<void>(node.at("$schema").text());
  Suite suite{
      .area = read_name(node.at("area")), .title = read_sentence(node.at("title")), .cases = {}};
  std::optional<Release> since;
  if (node.has("since")) since = read_release(node.at("since"));
  const auto cases = node.at("cases");
  std::set<std::string> names;
  for (std::size_t i = 0; i < cases.count(); ++i) {
    suite.cases.push_back(read_case(cases.at(i), suite.area, since));
    if (!names.insert(suite.cases.back().name).second) {
      cases.at(i).at("name").fail("a case of this name is there already");
    }
  }
  if (suite.cases.empty()) cases.fail("a suite needs at least one case");
  return suite;
}

std::vector<Suite> in_running_order(std::vector<Suite> suites) {
  // Sanity first. Then memory: a high-water mark shows nothing once another case has raised it.
  const auto rank = [](const Suite& suite) {
    return suite.area == "sanity" ? 0 : suite.area == "memory" ? 1 : 2;
  };
  std::ranges::sort(suites, [&](const Suite& a, const Suite& b) {
    return std::pair(rank(a), std::string_view(a.area)) <
           std::pair(rank(b), std::string_view(b.area));
  });
  return suites;
}

std::optional<SuiteError> find_double_area(const std::vector<Suite>& suites,
                                           const std::vector<std::string>& files) {
  for (std::size_t i = 0; i < suites.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (suites[i].area == suites[j].area) {
        return SuiteError{files[i], "$.area",
                          "\"" + suites[i].area + "\" is the area of " + files[j] + " already"};
      }
    }
  }
  return std::nullopt;
}

constexpr std::size_t kSuiteFileSizeMax = std::size_t{16} * 1024 * 1024;

std::expected<std::string, SuiteError> read_file(const std::filesystem::path& path) {
  // To open one would wait for somebody who writes.
  if (std::error_code failure; std::filesystem::is_fifo(path, failure)) {
    return std::unexpected(
        SuiteError{path.string(), "$", "is a pipe (FIFO); give an ordinary file"});
  }
  std::ifstream in(path, std::ios::binary);
  // One byte more than allowed, so that a file that is too large, or endless, is seen as such.
  std::string text(kSuiteFileSizeMax + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!in.is_open() || in.bad()) {
    return std::unexpected(
        SuiteError{path.string(), "$", "cannot be read; is it there, and a readable file?"});
  }
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > kSuiteFileSizeMax) {
    return std::unexpected(SuiteError{path.string(), "$", "is larger than 16 MiB"});
  }
  return text;
}

std::expected<std::vector<std::filesystem::path>, SuiteError> suite_files(
    const std::filesystem::path& place) {
  std::error_code failure;
  if (!std::filesystem::is_directory(place, failure)) return std::vector{place};
  std::vector<std::filesystem::path> files;
  for (std::filesystem::directory_iterator entry(place, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    const auto& path = entry->path();
    if (path.extension() == ".json" && path.filename() != kNotObservableFile) files.push_back(path);
  }
  if (failure)
    return std::unexpected(SuiteError{place.string(), "$", "cannot be read: " + failure.message()});
  if (files.empty())
    return std::unexpected(
        SuiteError{place.string(), "$", "there is no suite file (*.json) in this directory"});
  std::ranges::sort(files);
  return files;
}

std::expected<Suite, SuiteError> parse_suite(std::string_view json_text, std::string file) {
  // The deepest place of a case is at 13.
  const auto ok = check_json_syntax(json_text, {.name = "suite file", .depth_max = 32});
  if (!ok) return std::unexpected(SuiteError{file, ok.error().path, ok.error().message});
  try {
    const auto json = Json::parse(json_text);
    Suite suite = read_suite({json, std::move(file)});
    suite.digest = md5_of(as_bytes(json_text));
    return suite;
  } catch (BadSuite& bad) {
    return std::unexpected(std::move(bad.error));
  }
}

}  // namespace

std::string to_string(const SuiteError& error) {
  // It repeats texts of the file, and stays one line all the same.
  return printable(error.file + ": " + error.path + ": " + error.message);
}

std::string_view name_of(Level level) noexcept {
  return level == Level::kMust ? "must" : level == Level::kShould ? "should" : "may";
}

SuiteSet::SuiteSet(std::vector<Suite> suites)
    : suites_(std::make_shared<const std::vector<Suite>>(in_running_order(std::move(suites)))) {}

std::span<const Suite> SuiteSet::suites() const noexcept { return *suites_; }

std::expected<SuiteSet, SuiteError> SuiteSet::parse(std::string_view json_text, std::string file) {
  auto suite = parse_suite(json_text, std::move(file));
  if (!suite) return std::unexpected(std::move(suite.error()));
  std::vector<Suite> suites;
  suites.push_back(*std::move(suite));
  return SuiteSet(std::move(suites));
}

std::expected<SuiteSet, SuiteError> SuiteSet::load(const std::filesystem::path& file_or_directory) {
  const auto files = suite_files(file_or_directory);
  if (!files) return std::unexpected(files.error());
  std::vector<Suite> suites;
  std::vector<std::string> names;
  for (const auto& file : *files) {
    const auto text = read_file(file);
    if (!text) return std::unexpected(text.error());
    auto suite = parse_suite(*text, file.string());
    if (!suite) return std::unexpected(std::move(suite.error()));
    suites.push_back(*std::move(suite));
    names.push_back(file.string());
  }
  if (auto error = find_double_area(suites, names)) return std::unexpected(*std::move(error));
  return SuiteSet(std::move(suites));
}

std::expected<SuiteSet, SuiteError> SuiteSet::built_in() {
  std::vector<Suite> suites;
  for (const auto& embedded : embedded_suites()) {
    auto suite = parse_suite(embedded.text, "built-in " + std::string(embedded.name));
    if (!suite) return std::unexpected(std::move(suite.error()));
    suites.push_back(*std::move(suite));
  }
  return SuiteSet(std::move(suites));
}

}  // namespace framespec::conformance
