#include "history/schema.h"

namespace framespec::bench {
namespace {

/// "fsbh", so that the file of another program is not taken for a history.
constexpr std::int64_t kApplication = 0x66736268;

// Explained to users in docs/benchmark-history.md. A script that has been released is never
// changed: what is new is one more behind it.
constexpr const char* kScripts[] = {
    R"sql(
CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  began_at_s INTEGER NOT NULL,
  program TEXT NOT NULL,
  commit_id TEXT NOT NULL,
  commit_time_s INTEGER,
  machine TEXT NOT NULL,
  processor TEXT NOT NULL,
  processor_count INTEGER NOT NULL,
  host TEXT NOT NULL,
  kernel TEXT NOT NULL,
  libc TEXT NOT NULL,
  governor TEXT NOT NULL,
  load_average REAL,
  calibration_arithmetic_ns REAL,
  calibration_memory_ns REAL,
  calibration_copy_ns REAL,
  context TEXT NOT NULL
);
CREATE TABLE benchmark (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);
CREATE TABLE sample (
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  benchmark_id INTEGER NOT NULL REFERENCES benchmark(id),
  repetition INTEGER NOT NULL,
  cpu_time_ns REAL NOT NULL,
  real_time_ns REAL NOT NULL,
  iterations INTEGER NOT NULL,
  items_an_iteration REAL
);
CREATE INDEX sample_by_run ON sample(run_id);
)sql",
    "ALTER TABLE run ADD COLUMN is_side_by_side INTEGER NOT NULL DEFAULT 0",
    R"sql(
ALTER TABLE sample ADD COLUMN latency_p50_ns REAL;
ALTER TABLE sample ADD COLUMN latency_p90_ns REAL;
ALTER TABLE sample ADD COLUMN latency_p99_ns REAL;
ALTER TABLE sample ADD COLUMN latency_p999_ns REAL;
ALTER TABLE sample ADD COLUMN latency_max_ns REAL;
)sql",
};

std::expected<std::int64_t, std::string> number_of(Database& database, const std::string& sql) {
  auto statement = database.prepare(sql);
  if (!statement) return std::unexpected(statement.error());
  if (const auto row = statement->step(); !row) return std::unexpected(row.error());
  return statement->integer(0);
}

/// The version of the tables; 0 of an empty file.
std::expected<std::int64_t, std::string> version_of(Database& database) {
  const auto version = number_of(database, "PRAGMA user_version");
  const auto application = number_of(database, "PRAGMA application_id");
  const auto tables = number_of(database, "SELECT count(*) FROM sqlite_schema");
  if (!version || !application || !tables) {
    return std::unexpected(!version       ? version.error()
                           : !application ? application.error()
                                          : tables.error());
  }
  if (*tables == 0) return 0;
  if (*application != kApplication) {
    return std::unexpected("is a database of another program, and no history of framespec-bench");
  }
  return *version;
}

}  // namespace

std::expected<void, std::string> bring_up_to_date(Database& database) {
  return bring_up_to_date(database, kScripts);
}

std::expected<void, std::string> bring_up_to_date_if_made(Database& database) {
  {
    const auto reading = Transaction::begin_reading(database);
    if (!reading) return std::unexpected(reading.error());
    const auto found = version_of(database);
    if (!found) return std::unexpected(found.error());
    if (*found == 0) return std::unexpected("is empty, and no history");
  }
  return bring_up_to_date(database);
}

std::expected<void, std::string> bring_up_to_date(Database& database,
                                                  std::span<const char* const> scripts) {
  const auto newest = static_cast<std::int64_t>(scripts.size());
  {
    // Another process may be making the tables: what is read must not be half of before and half of
    // after.
    const auto reading = Transaction::begin_reading(database);
    if (!reading) return std::unexpected(reading.error());
    const auto found = version_of(database);
    if (!found) return std::unexpected(found.error());
    if (*found == newest) return {};
  }
  auto transaction = Transaction::begin(database);
  if (!transaction) return std::unexpected(transaction.error());
  // Another process may have done it meanwhile.
  const auto found = version_of(database);
  if (!found) return std::unexpected(found.error());
  if (*found > newest) {
    return std::unexpected("is of version " + std::to_string(*found) +
                           ": a newer framespec-bench made it; this one reads up to " +
                           std::to_string(newest));
  }
  for (auto version = static_cast<std::size_t>(*found); version < scripts.size(); ++version) {
    if (auto done = database.run(scripts[version]); !done) return done;
  }
  if (auto done = database.run("PRAGMA user_version = " + std::to_string(newest) +
                               "; PRAGMA application_id = " + std::to_string(kApplication));
      !done) {
    return done;
  }
  return transaction->commit();
}

}  // namespace framespec::bench
