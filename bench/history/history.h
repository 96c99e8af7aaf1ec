// Runs of benchmark programs over time, in one SQLite file.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "history/database.h"
#include "history/run_record.h"

namespace framespec::bench {

struct AddedRun {
  std::int64_t id = 0;
  /// Whether it was in the history already, with this id.
  bool was_there = false;
};

/// Several processes may read and write the same file at once: each waits until the others are
/// done. Errors are sentences that begin with the name of the file.
class History {
 public:
  /// Makes the file where there is none, and brings one of an older version up to date.
  static std::expected<History, std::string> open_or_create(const std::filesystem::path& file);
  /// The file must be there, and not empty.
  static std::expected<History, std::string> open(const std::filesystem::path& file);

  /// Adds the run as a whole or not at all; gives back its id. The samples must be without errors.
  std::expected<std::int64_t, std::string> add(const MeasuredRun& run);

  /// The same, unless the run is in it already: of that time, program, host and manner, with the
  /// same samples. A run whose time is not known (0) is that of any time; it is added as of now. Of
  /// two processes that do this at once one adds it.
  std::expected<AddedRun, std::string> add_if_new(const MeasuredRun& run);

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
  std::expected<std::int64_t, std::string> add_all(const MeasuredRun& run);
  std::expected<std::optional<std::int64_t>, std::string> find_same(const MeasuredRun& run);
  std::expected<std::vector<Sample>, std::string> read_samples(std::int64_t run_id);
  std::expected<std::int64_t, std::string> add_record(const RunRecord& record);
  std::expected<void, std::string> add_samples(std::int64_t run_id,
                                               const std::vector<Sample>& samples);

  std::filesystem::path file_;
  Database database_;
};

}  // namespace framespec::bench
