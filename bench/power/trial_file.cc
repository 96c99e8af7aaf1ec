#include "power/trial_file.h"

#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include "measuring/benchmark_json.h"

namespace framespec::bench {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kTrialFormat = "framespec-trials/2";
constexpr std::array kConditions{Condition::kIdle, Condition::kBusy};
constexpr std::array kGates{TrialGate::kTime, TrialGate::kInstructions};

[[noreturn]] void throw_unknown(const Json& word) {
  throw Json::other_error::create(500, "what is " + word.dump() + "?", nullptr);
}

template <class Value, std::size_t Count>
Value find_named(const std::array<Value, Count>& all, const Json& word) {
  for (const Value value : all) {
    if (word == name_of(value)) return value;
  }
  throw_unknown(word);
}

Verdict verdict_of(const Json& word) {
  const auto verdict = verdict_named(word.get<std::string>());
  if (!verdict) throw_unknown(word);
  return *verdict;
}

/// As large as any here is in earnest.
int count_of(const Json& json) {
  constexpr std::uint64_t kMost = 1'000'000;
  if (!json.is_number_unsigned() || json.get<std::uint64_t>() > kMost) throw_unknown(json);
  return json.get<int>();
}

Json json_of(const AllDoses& doses) {
  Json json = Json::object();
  for (const auto& [injection, by_slowdown] : doses) {
    Json& of_one = json[std::string(name_of(injection))] = Json::array();
    for (const auto& [slowdown, dose] : by_slowdown) of_one.push_back({slowdown, dose});
  }
  return {{"doses", std::move(json)}};
}

AllDoses doses_of(const Json& json) {
  AllDoses doses;
  for (const auto& [name, by_slowdown] : json.items()) {
    const auto injection = injection_of(name);
    if (!injection) throw_unknown(name);
    for (const Json& dose : by_slowdown) {
      doses[*injection][dose.at(0).get<double>()] =
          static_cast<std::uint32_t>(count_of(dose.at(1)));
    }
  }
  return doses;
}

Json json_of(const Trial& trial) {
  Json json = {{"condition", name_of(trial.cell.condition)}, {"gate", name_of(trial.cell.gate)}};
  if (trial.cell.injection) json["injection"] = name_of(*trial.cell.injection);
  json["slowdown"] = trial.cell.slowdown;
  json["number"] = trial.number;
  json["verdict"] = name_of(trial.verdict);
  json["change"] = trial.change;
  if (trial.visible) json["could_have_seen"] = *trial.visible;
  json["a_against_itself"] = trial.copy_change;
  json["seconds"] = trial.seconds;
  if (trial.repetitions) {
    json["repetitions"] = {{"cpu_time_p", trial.repetitions->cpu_time_p},
                           {"real_time_p", trial.repetitions->real_time_p}};
  }
  return json;
}

Trial trial_of(const Json& json) {
  Trial trial{.cell = {.condition = find_named(kConditions, json.at("condition")),
                       .gate = find_named(kGates, json.at("gate")),
                       .slowdown = json.at("slowdown")},
              .number = count_of(json.at("number")),
              .verdict = verdict_of(json.at("verdict")),
              .change = json.at("change"),
              .copy_change = json.at("a_against_itself"),
              .seconds = json.at("seconds")};
  if (json.contains("injection")) {
    trial.cell.injection = injection_of(json.at("injection").get<std::string>());
    if (!trial.cell.injection) throw_unknown(json.at("injection"));
  }
  if (json.contains("could_have_seen")) trial.visible = json.at("could_have_seen");
  if (json.contains("repetitions")) {
    const Json& repetitions = json.at("repetitions");
    trial.repetitions = {.cpu_time_p = repetitions.at("cpu_time_p"),
                         .real_time_p = repetitions.at("real_time_p")};
  }
  return trial;
}

}  // namespace

bool is_trial_file(std::string_view text) {
  return text.starts_with(R"({"format":")" + std::string(kTrialFormat) + '"');
}

std::expected<Trials, std::string> read_trials(std::string_view text) {
  if (!is_trial_file(text)) return std::unexpected("holds no trials of framespec-bench selftest");
  Trials trials;
  std::set<std::pair<Cell, int>> numbers;
  int number = 0;
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    ++number;
    try {
      const Json json = Json::parse(text.substr(0, end));
      if (number == 1) {
        trials.machine = {.processor = json.at("processor"),
                          .processor_count = count_of(json.at("processor_count"))};
      } else if (json.contains("doses")) {
        trials.doses = doses_of(json.at("doses"));
      } else {
        const Trial& trial = trials.made.emplace_back(trial_of(json));
        if (!numbers.emplace(trial.cell, trial.number).second) {
          return std::unexpected("line " + std::to_string(number) +
                                 ": a trial that is there already");
        }
      }
    } catch (const Json::exception& problem) {
      return std::unexpected("line " + std::to_string(number) + ": " + problem.what());
    }
    text.remove_prefix(end + 1);
  }
  if (number == 0) return std::unexpected("its first line is cut short");
  return trials;
}

std::expected<TrialFile, std::string> TrialFile::open(const fs::path& file,
                                                      const TrialMachine& here) {
  std::error_code unknown;
  if (fs::exists(file, unknown) && !fs::is_regular_file(file, unknown)) {
    return std::unexpected(file.string() + " is no file that trials can be kept in");
  }
  Stream stream(std::fopen(file.c_str(), "ae"), &std::fclose);
  if (!stream) return std::unexpected(file.string() + " cannot be written");
  if (::flock(::fileno(stream.get()), LOCK_EX | LOCK_NB) != 0) {
    return std::unexpected(errno == EWOULDBLOCK
                               ? file.string() + " is in use: another framespec-bench adds to it"
                               : file.string() + ": " + std::generic_category().message(errno));
  }
  TrialFile opened(file, std::move(stream));
  if (auto read = opened.read(here); !read) {
    return std::unexpected(file.string() + ": " + read.error());
  }
  return opened;
}

std::expected<void, std::string> TrialFile::read(const TrialMachine& here) {
  const auto text = read_text(path_);
  if (!text) return std::unexpected("cannot be read");
  // npos + 1 is 0: no line is whole.
  const std::size_t whole = text->rfind('\n') + 1;
  const bool is_new = whole == 0 && (text->empty() || is_trial_file(*text));
  if (!is_new) {
    auto trials = read_trials(*text);
    if (!trials) return std::unexpected(trials.error());
    if (trials->machine != here) {
      return std::unexpected("it was begun on another machine (" + trials->machine.processor +
                             ", " + std::to_string(trials->machine.processor_count) +
                             " processors): name another file");
    }
    trials_ = *std::move(trials);
  }
  if (whole < text->size() &&
      ::ftruncate(::fileno(stream_.get()), static_cast<off_t>(whole)) != 0) {
    return std::unexpected(std::generic_category().message(errno));
  }
  if (!is_new) return {};
  trials_.machine = here;
  const Json json = {{"format", kTrialFormat},
                     {"processor", here.processor},
                     {"processor_count", here.processor_count}};
  return write_line(json.dump());
}

std::expected<void, std::string> TrialFile::add(const AllDoses& doses) {
  auto written = write_line(json_of(doses).dump());
  if (written) trials_.doses = doses;
  return written;
}

std::expected<void, std::string> TrialFile::add(const Trial& trial) {
  auto written = write_line(json_of(trial).dump());
  if (written) trials_.made.push_back(trial);
  return written;
}

std::expected<void, std::string> TrialFile::write_line(const std::string& line) {
  const bool is_written =
      std::fputs((line + '\n').c_str(), stream_.get()) >= 0 && std::fflush(stream_.get()) == 0;
  if (is_written) return {};
  return std::unexpected(path_.string() + " cannot be written");
}

}  // namespace framespec::bench
