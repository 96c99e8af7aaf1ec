// The trials that were made, in a file: one line of JSON for each, the first for the machine, and
// one for the doses before they are used. Each line is written when its trial has ended, so that
// what was measured is kept.
#pragma once

#include <cstdio>
#include <expected>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
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

/// A last line that is cut short, as by the end of its writer, is left out; it is an error if a
/// trial is there twice, as it would count twice. The error is a sentence.
std::expected<Trials, std::string> read_trials(std::string_view text);

/// A file that this process alone adds to. The errors are sentences.
class TrialFile {
 public:
  /// Makes it where there is none, and reads what it has: a last line that is cut short is removed.
  /// It is an error, and the file left as it is, if it holds something else or trials of another
  /// machine, or if another process adds to it.
  static std::expected<TrialFile, std::string> open(const std::filesystem::path& file,
                                                    const TrialMachine& here);

  /// All that it has.
  [[nodiscard]] const Trials& trials() const { return trials_; }

  std::expected<void, std::string> add(const AllDoses& doses);
  std::expected<void, std::string> add(const Trial& trial);

 private:
  /// Closing it gives it free for others.
  using Stream = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;
  TrialFile(std::filesystem::path file, Stream stream)
      : path_(std::move(file)), stream_(std::move(stream)) {}
  std::expected<void, std::string> read(const TrialMachine& here);
  std::expected<void, std::string> write_line(const std::string& line);

  std::filesystem::path path_;
  Stream stream_;
  Trials trials_;
};

}  // namespace framespec::bench
