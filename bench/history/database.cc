#include "history/database.h"

#include <sqlite3.h>

#include <chrono>
#include <thread>
#include <utility>

#include "measuring/process.h"

namespace framespec::bench {
namespace {

/// SQLite calls it for the Nth time because another process has the file; 0 gives up.
int wait_for_others(void* /*unused*/, int count) {
  constexpr std::chrono::milliseconds kPause{20};
  constexpr int kMostPauses = std::chrono::milliseconds(std::chrono::minutes(1)) / kPause;
  if (is_interrupted() || count >= kMostPauses) return 0;
  std::this_thread::sleep_for(kPause);
  return 1;
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  ::sqlite3_finalize(statement);
}

void Statement::note(int code) {
  if (code != SQLITE_OK && bind_error_ == SQLITE_OK) bind_error_ = code;
}

Statement& Statement::bind(std::int64_t value) {
  note(::sqlite3_bind_int64(statement_.get(), ++bound_, value));
  return *this;
}

Statement& Statement::bind(double value) {
  note(::sqlite3_bind_double(statement_.get(), ++bound_, value));
  return *this;
}

Statement& Statement::bind(const std::string& value) {
  note(::sqlite3_bind_text64(statement_.get(), ++bound_, value.data(), value.size(),
                             SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind(const std::optional<double>& value) {
  if (value) return bind(*value);
  ++bound_;
  return *this;
}

Statement& Statement::bind(const std::optional<std::int64_t>& value) {
  if (value) return bind(*value);
  ++bound_;
  return *this;
}

std::expected<bool, std::string> Statement::step() {
  if (bind_error_ != SQLITE_OK) return std::unexpected(::sqlite3_errstr(bind_error_));
  const int code = ::sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return std::unexpected(::sqlite3_errmsg(database_));
}

std::expected<void, std::string> Statement::run() {
  const auto stepped = step();
  ::sqlite3_reset(statement_.get());
  ::sqlite3_clear_bindings(statement_.get());
  bound_ = 0;
  if (!stepped) return std::unexpected(stepped.error());
  return {};
}

std::int64_t Statement::integer(int column) const {
  return ::sqlite3_column_int64(statement_.get(), column);
}

double Statement::number(int column) const {
  return ::sqlite3_column_double(statement_.get(), column);
}

std::string Statement::text(int column) const {
  const auto* const text =
      static_cast<const char*>(::sqlite3_column_blob(statement_.get(), column));
  const int size = ::sqlite3_column_bytes(statement_.get(), column);
  return text == nullptr ? std::string() : std::string(text, static_cast<std::size_t>(size));
}

bool Statement::is_null(int column) const {
  return ::sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

void Database::Close::operator()(sqlite3* database) const { ::sqlite3_close(database); }

std::expected<Database, std::string> Database::open(const std::filesystem::path& file,
                                                    bool may_create) {
  sqlite3* opened = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | (may_create ? SQLITE_OPEN_CREATE : 0);
  const int code = ::sqlite3_open_v2(file.c_str(), &opened, flags, nullptr);
  Database database{std::unique_ptr<sqlite3, Close>(opened)};
  if (code != SQLITE_OK) return std::unexpected(file.string() + ": " + ::sqlite3_errstr(code));
  ::sqlite3_busy_handler(opened, wait_for_others, nullptr);
  if (auto set = database.run("PRAGMA foreign_keys = ON"); !set) {
    return std::unexpected(file.string() + ": " + set.error());
  }
  return database;
}

std::expected<Statement, std::string> Database::prepare(const std::string& sql) {
  sqlite3_stmt* prepared = nullptr;
  const int code = ::sqlite3_prepare_v2(database_.get(), sql.c_str(), -1, &prepared, nullptr);
  Statement statement(database_.get(),
                      std::unique_ptr<sqlite3_stmt, Statement::Finalize>(prepared));
  if (code != SQLITE_OK) return std::unexpected(::sqlite3_errmsg(database_.get()));
  return statement;
}

std::expected<void, std::string> Database::run(const std::string& sql) {
  if (::sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return std::unexpected(::sqlite3_errmsg(database_.get()));
  }
  return {};
}

std::int64_t Database::last_row() const { return ::sqlite3_last_insert_rowid(database_.get()); }

std::expected<Transaction, std::string> Transaction::begin(Database& database) {
  // Not the lock of a reader that wants to write later: two of those wait for each other.
  if (auto begun = database.run("BEGIN IMMEDIATE"); !begun) return std::unexpected(begun.error());
  return Transaction(database);
}

std::expected<Transaction, std::string> Transaction::begin_reading(Database& database) {
  if (auto begun = database.run("BEGIN"); !begun) return std::unexpected(begun.error());
  return Transaction(database);
}

Transaction::Transaction(Transaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}

Transaction::~Transaction() {
  if (database_ == nullptr) return;
  // If that fails too, SQLite does it when the file is opened next.
  const auto undone = database_->run("ROLLBACK");
  static_cast<void>(undone);
}

std::expected<void, std::string> Transaction::commit() {
  auto committed = database_->run("COMMIT");
  if (committed) database_ = nullptr;
  return committed;
}

}  // namespace framespec::bench
