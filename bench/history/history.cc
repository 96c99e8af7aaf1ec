#include "history/history.h"

#include <algorithm>
#include <ctime>

#include "history/schema.h"

namespace framespec::bench {
namespace {

RunRecord record_of(const Statement& row) {
  RunRecord record;
  record.id = row.integer(0);
  record.began_at_s = row.integer(1);
  record.program = row.text(2);
  if (!row.text(3).empty()) {
    record.commit = Commit{.id = row.text(3)};
    if (!row.is_null(4)) record.commit->time_s = row.integer(4);
  }
  record.machine = {.processor = row.text(5),
                    .processor_count = static_cast<int>(row.integer(6)),
                    .host = row.text(7),
                    .kernel = row.text(8),
                    .libc = row.text(9),
                    .governor = row.text(10)};
  if (!row.is_null(11)) record.load_average = row.number(11);
  if (!row.is_null(12)) {
    record.calibration = Calibration{
        .arithmetic_ns = row.number(12), .memory_ns = row.number(13), .copy_ns = row.number(14)};
  }
  record.context = row.text(15);
  record.is_side_by_side = row.integer(16) != 0;
  return record;
}

/// The columns from `first` on, in the order of kLatencyCounters.
std::optional<Latencies> latencies_of(const Statement& row, int first) {
  if (row.is_null(first)) return std::nullopt;
  Latencies latencies;
  for (const auto& [counter, value_ns] : kLatencyCounters)
    latencies.*value_ns = row.number(first++);
  return latencies;
}

/// What an iteration handles is left out: exported and read again it may differ in its last digit.
bool is_same_sample(const Sample& one, const Sample& other) {
  return one.benchmark == other.benchmark && one.cpu_time_ns == other.cpu_time_ns &&
         one.real_time_ns == other.real_time_ns && one.iterations == other.iterations &&
         one.repetition == other.repetition;
}

}  // namespace

std::expected<History, std::string> History::open_or_create(const std::filesystem::path& file) {
  return open(file, true);
}

std::expected<History, std::string> History::open(const std::filesystem::path& file) {
  return open(file, false);
}

std::expected<History, std::string> History::open(const std::filesystem::path& file,
                                                  bool may_create) {
  auto database = Database::open(file, may_create);
  if (!database) return std::unexpected(database.error());
  History history(file, *std::move(database));
  const auto done = may_create ? bring_up_to_date(history.database_)
                               : bring_up_to_date_if_made(history.database_);
  if (!done) {
    return history.error(done.error());
  }
  return history;
}

std::expected<std::int64_t, std::string> History::add(const MeasuredRun& run) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return error(transaction.error());
  const auto id = add_all(run);
  if (!id) return error(id.error());
  if (const auto committed = transaction->commit(); !committed) return error(committed.error());
  return *id;
}

std::expected<AddedRun, std::string> History::add_if_new(const MeasuredRun& run) {
  // Who else adds the same waits here, and finds it then.
  auto transaction = Transaction::begin(database_);
  if (!transaction) return error(transaction.error());
  const auto same = find_same(run);
  if (!same) return error(same.error());
  if (*same) return AddedRun{.id = **same, .was_there = true};
  MeasuredRun timed = run;
  if (timed.record.began_at_s == 0) timed.record.began_at_s = std::time(nullptr);
  const auto id = add_all(timed);
  if (!id) return error(id.error());
  if (const auto committed = transaction->commit(); !committed) return error(committed.error());
  return AddedRun{.id = *id};
}

std::expected<std::int64_t, std::string> History::add_all(const MeasuredRun& run) {
  const auto id = add_record(run.record);
  if (!id) return id;
  if (const auto added = add_samples(*id, run.samples); !added) {
    return std::unexpected(added.error());
  }
  return id;
}

std::expected<std::optional<std::int64_t>, std::string> History::find_same(const MeasuredRun& run) {
  const RunRecord& record = run.record;
  auto select = database_.prepare(
      "SELECT id, commit_id FROM run WHERE program = ? AND host = ? AND is_side_by_side = ? "
      "AND (began_at_s = ? OR ?) ORDER BY id");
  if (!select) return std::unexpected(select.error());
  const bool is_timed = record.began_at_s != 0;
  select->bind(record.program)
      .bind(record.machine.host)
      .bind(std::int64_t{record.is_side_by_side})
      .bind(record.began_at_s)
      .bind(std::int64_t{!is_timed});
  const std::string commit = record.commit ? record.commit->id : "";
  for (auto row = select->step(); !row || *row; row = select->step()) {
    if (!row) return std::unexpected(row.error());
    // Both sides of a comparison are of the same time.
    const bool is_told_by_time = is_timed && !record.is_side_by_side;
    if (!is_told_by_time && select->text(1) != commit) continue;
    const auto samples = read_samples(select->integer(0));
    if (!samples) return std::unexpected(samples.error());
    if (std::ranges::equal(*samples, run.samples, is_same_sample)) return select->integer(0);
  }
  return std::nullopt;
}

std::expected<std::int64_t, std::string> History::add_record(const RunRecord& record) {
  auto insert = database_.prepare(
      "INSERT INTO run (began_at_s, program, commit_id, commit_time_s, machine, processor, "
      "processor_count, host, kernel, libc, governor, load_average, calibration_arithmetic_ns, "
      "calibration_memory_ns, calibration_copy_ns, context, is_side_by_side) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  if (!insert) return std::unexpected(insert.error());
  const Machine& machine = record.machine;
  const auto calibrated = [&](double Calibration::* kernel) {
    return record.calibration ? std::optional((*record.calibration).*kernel) : std::nullopt;
  };
  insert->bind(record.began_at_s)
      .bind(record.program)
      .bind(record.commit ? record.commit->id : "")
      .bind(record.commit ? record.commit->time_s : std::nullopt)
      .bind(machine_name(machine))
      .bind(machine.processor)
      .bind(std::int64_t{machine.processor_count})
      .bind(machine.host)
      .bind(machine.kernel)
      .bind(machine.libc)
      .bind(machine.governor)
      .bind(record.load_average)
      .bind(calibrated(&Calibration::arithmetic_ns))
      .bind(calibrated(&Calibration::memory_ns))
      .bind(calibrated(&Calibration::copy_ns))
      .bind(record.context)
      .bind(std::int64_t{record.is_side_by_side});
  if (const auto done = insert->run(); !done) return std::unexpected(done.error());
  return database_.last_row();
}

std::expected<void, std::string> History::add_samples(std::int64_t run_id,
                                                      const std::vector<Sample>& samples) {
  auto name = database_.prepare("INSERT OR IGNORE INTO benchmark (name) VALUES (?)");
  auto insert = database_.prepare(
      "INSERT INTO sample (run_id, benchmark_id, repetition, cpu_time_ns, real_time_ns, "
      "iterations, items_an_iteration, latency_p50_ns, latency_p90_ns, latency_p99_ns, "
      "latency_p999_ns, latency_max_ns) "
      "SELECT ?, id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM benchmark WHERE name = ?");
  if (!name || !insert) return std::unexpected(name ? insert.error() : name.error());
  for (const Sample& sample : samples) {
    if (auto done = name->bind(sample.benchmark).run(); !done) return done;
    insert->bind(run_id)
        .bind(std::int64_t{sample.repetition})
        .bind(sample.cpu_time_ns)
        .bind(sample.real_time_ns)
        .bind(sample.iterations)
        .bind(sample.items_an_iteration);
    for (const auto& [counter, value_ns] : kLatencyCounters) {
      insert->bind(sample.latencies ? std::optional((*sample.latencies).*value_ns) : std::nullopt);
    }
    insert->bind(sample.benchmark);
    if (auto done = insert->run(); !done) return done;
  }
  return {};
}

std::expected<std::vector<RunRecord>, std::string> History::runs() {
  auto select = database_.prepare(
      "SELECT id, began_at_s, program, commit_id, commit_time_s, processor, processor_count, host, "
      "kernel, libc, governor, load_average, calibration_arithmetic_ns, calibration_memory_ns, "
      "calibration_copy_ns, context, is_side_by_side FROM run ORDER BY id");
  if (!select) return error(select.error());
  std::vector<RunRecord> records;
  for (auto row = select->step(); !row || *row; row = select->step()) {
    if (!row) return error(row.error());
    records.push_back(record_of(*select));
  }
  std::ranges::stable_sort(records, {}, place_in_time_s);
  return records;
}

std::expected<std::vector<Sample>, std::string> History::samples(std::int64_t run_id) {
  auto samples = read_samples(run_id);
  if (!samples) return error(samples.error());
  return samples;
}

std::expected<std::vector<Sample>, std::string> History::read_samples(std::int64_t run_id) {
  auto select = database_.prepare(
      "SELECT name, cpu_time_ns, real_time_ns, iterations, repetition, items_an_iteration, "
      "latency_p50_ns, latency_p90_ns, latency_p99_ns, latency_p999_ns, latency_max_ns "
      "FROM sample JOIN benchmark ON benchmark.id = benchmark_id WHERE run_id = ? "
      "ORDER BY sample.rowid");
  if (!select) return std::unexpected(select.error());
  select->bind(run_id);
  std::vector<Sample> samples;
  for (auto row = select->step(); !row || *row; row = select->step()) {
    if (!row) return std::unexpected(row.error());
    samples.push_back(
        {.benchmark = select->text(0),
         .cpu_time_ns = select->number(1),
         .real_time_ns = select->number(2),
         .iterations = select->integer(3),
         .repetition = static_cast<int>(select->integer(4)),
         .items_an_iteration = select->is_null(5) ? std::nullopt : std::optional(select->number(5)),
         .latencies = latencies_of(*select, 6)});
  }
  return samples;
}

}  // namespace framespec::bench
