// Which files are taken for a history, and what becomes of those of an older version.
#include "history/schema.h"

#include <gtest/gtest.h>

#include "measuring/tests/test_folder.h"

namespace framespec::bench {
namespace {

constexpr const char* kFirst[] = {"CREATE TABLE a (x INTEGER); INSERT INTO a VALUES (7);"};
constexpr const char* kBoth[] = {kFirst[0], "ALTER TABLE a ADD COLUMN y INTEGER DEFAULT 8"};

class Schema : public testing::Test {
 protected:
  Database open() { return Database::open(folder_.path() / "history.db", true).value(); }

  static std::int64_t number(Database& database, const std::string& sql) {
    auto statement = database.prepare(sql).value();
    EXPECT_TRUE(statement.step().value());
    return statement.integer(0);
  }

 private:
  TestFolder folder_{"schema"};
};

TEST_F(Schema, AnOlderVersionIsBroughtUpToDateWithItsContents) {
  Database database = open();
  ASSERT_TRUE(bring_up_to_date(database, kFirst));
  EXPECT_EQ(number(database, "PRAGMA user_version"), 1);
  Database again = open();
  ASSERT_TRUE(bring_up_to_date(again, kBoth));
  EXPECT_EQ(number(again, "PRAGMA user_version"), 2);
  EXPECT_EQ(number(again, "SELECT x + y FROM a"), 15);
  EXPECT_TRUE(bring_up_to_date(again, kBoth));
  EXPECT_EQ(number(again, "SELECT count(*) FROM a"), 1);
}

TEST_F(Schema, ANewerVersionIsRefused) {
  Database database = open();
  ASSERT_TRUE(bring_up_to_date(database, kBoth));
  const auto done = bring_up_to_date(database, kFirst);
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().find("a newer framespec-bench made it"), std::string::npos);
}

TEST_F(Schema, TheDatabaseOfAnotherProgramIsRefusedAndLeftAlone) {
  Database database = open();
  ASSERT_TRUE(database.run("CREATE TABLE songs (title TEXT)"));
  const auto done = bring_up_to_date(database);
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().find("another program"), std::string::npos);
  EXPECT_EQ(number(database, "SELECT count(*) FROM sqlite_schema"), 1);
}

TEST_F(Schema, AScriptThatFailsLeavesTheVersionBefore) {
  Database database = open();
  ASSERT_TRUE(bring_up_to_date(database, kFirst));
  constexpr const char* kBroken[] = {kFirst[0], "CREATE TABLE b (x INTEGER); no SQL"};
  EXPECT_FALSE(bring_up_to_date(database, kBroken));
  EXPECT_EQ(number(database, "PRAGMA user_version"), 1);
  EXPECT_EQ(number(database, "SELECT count(*) FROM sqlite_schema"), 1);
}

}  // namespace
}  // namespace framespec::bench
