// SQLite, as far as a history needs it. Errors are values; nothing here throws.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

struct sqlite3;
struct sqlite3_stmt;

namespace framespec::bench {

class Database;

/// A statement with its values, and then the row that it stands at. It must not outlive its
/// database.
class Statement {
 public:
  /// Values in the order of the question marks.
  Statement& bind(std::int64_t value);
  Statement& bind(double value);
  Statement& bind(const std::string& value);
  Statement& bind(const std::optional<double>& value);
  Statement& bind(const std::optional<std::int64_t>& value);

  /// True at the next row, false behind the last. The error is a sentence.
  std::expected<bool, std::string> step();
  /// Runs it, and makes it ready for other values.
  std::expected<void, std::string> run();

  /// Of the row, columns from 0 on.
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] double number(int column) const;
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] bool is_null(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  Statement(sqlite3* database, std::unique_ptr<sqlite3_stmt, Finalize> statement)
      : database_(database), statement_(std::move(statement)) {}

  /// What went wrong in a bind is said by step.
  void note(int code);

  sqlite3* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bound_ = 0;
  int bind_error_ = 0;
};

class Database {
 public:
  /// Opens the file, and makes it where `may_create`. Whoever finds it locked by another process
  /// waits, up to a minute, or until the user interrupts.
  static std::expected<Database, std::string> open(const std::filesystem::path& file,
                                                   bool may_create);

  /// Of one statement.
  std::expected<Statement, std::string> prepare(const std::string& sql);
  /// Of statements that give no rows.
  std::expected<void, std::string> run(const std::string& sql);
  [[nodiscard]] std::int64_t last_row() const;

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  explicit Database(std::unique_ptr<sqlite3, Close> database) : database_(std::move(database)) {}
  std::unique_ptr<sqlite3, Close> database_;
};

/// What is written between begin() and commit() is there as a whole or not at all; while it lives
/// nobody else writes.
class Transaction {
 public:
  static std::expected<Transaction, std::string> begin(Database& database);
  /// One that only reads: all that is read while it lives is of the same moment.
  static std::expected<Transaction, std::string> begin_reading(Database& database);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  /// Undoes what was not committed.
  ~Transaction();
  std::expected<void, std::string> commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;
};

}  // namespace framespec::bench
