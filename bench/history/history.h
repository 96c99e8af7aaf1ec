// Runs of benchmark programs over time, in one SQLite file.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <string>
#include <vector>

#include "history/database.h"
#include "history/run_record.h"

namespace framespec::bench {

/// Several processes may read and write the same file at once: each waits until the others are
/// done. Errors are sentences that begin with the name of the file.
class History {
 public:
  /// Makes the file where there is none, and brings one of an older version up to date.
  static std::expected<History, std::string> open_or_create(const std::filesystem::path& file);
  /// The file must be there.
  static std::expected<History, std::string> open(const std::filesystem::path& file);

  /// Adds the run as a whole or not at all; gives back its id. The samples must be without errors.
  std::expected<std::int64_t, std::string> add(const MeasuredRun& run);

  /// All runs, in the order of place_in_time_s, those of the same time in the order in which they
  /// were added.
  std::expected<std::vector<RunRecord>, std::string> runs();

  /// Of one run, in the order in which they were measured; none if there is no such run.
  std::expected<std::vector<Sample>, std::string> samples(std::int64_t run_id);

 private:
  History(std::filesystem::path file, Database database)
      : file_(std::move(file)), database_(std::move(database)) {}
  static std::expected<History, std::string> open(const std::filesystem::path& file,
                                                  bool may_create);
  [[nodiscard]] std::unexpected<std::string> error(const std::string& what) const {
    return std::unexpected(file_.string() + ": " + what);
  }
  std::expected<std::int64_t, std::string> add_record(const RunRecord& record);
  std::expected<void, std::string> add_samples(std::int64_t run_id,
                                               const std::vector<Sample>& samples);

  std::filesystem::path file_;
  Database database_;
};

}  // namespace framespec::bench
