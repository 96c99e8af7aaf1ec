// The trials that were made, in a file: one line of JSON for each, the first for the machine, and
// one for the doses before they are used. Each line is written when its trial has ended, so that
// what was measured is kept.
#pragma once

#include <expected>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "power/dose.h"
#include "power/trial.h"

namespace framespec::bench {

struct TrialMachine {
  /// The processor's name, and how many there are.
  std::string processor = {};
  int processor_count = 0;

  bool operator==(const TrialMachine&) const = default;
};

struct Trials {
  TrialMachine machine = {};
  /// Empty until they were measured.
  AllDoses doses = {};
  std::vector<Trial> made = {};
};

/// Whether a text begins like such a file.
bool is_trial_file(std::string_view text);

/// A last line that is cut short, as by the end of its writer, is left out. The error is a
/// sentence.
std::expected<Trials, std::string> read_trials(std::string_view text);

/// Adds to a file; makes it where there is none. The errors are sentences.
class TrialFile {
 public:
  /// A new file, or one from which trials were read: a last line that is cut short is removed.
  static std::expected<TrialFile, std::string> open(const std::filesystem::path& file);

  /// In a new file: comes first.
  std::expected<void, std::string> begin(const TrialMachine& machine);
  std::expected<void, std::string> add(const AllDoses& doses);
  std::expected<void, std::string> add(const Trial& trial);

 private:
  explicit TrialFile(std::filesystem::path file) : path_(std::move(file)) {}
  std::expected<void, std::string> write_line(const std::string& line);

  std::filesystem::path path_;
  std::ofstream stream_;
};

}  // namespace framespec::bench
