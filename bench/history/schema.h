// The tables of a history, and how a file of an older version becomes one of this.
#pragma once

#include <expected>
#include <span>
#include <string>

#include "history/database.h"

namespace framespec::bench {

/// Makes the tables in an empty file; brings those of an older version up to date. The error is a
/// sentence: the file is another program's, or of a newer version.
std::expected<void, std::string> bring_up_to_date(Database& database);

/// The same of a file that must be a history already: an empty one is left so, and that is the
/// error.
std::expected<void, std::string> bring_up_to_date_if_made(Database& database);

/// As bring_up_to_date, with these scripts, of which the Nth makes version N (from 1 on) of the one
/// before.
std::expected<void, std::string> bring_up_to_date(Database& database,
                                                  std::span<const char* const> scripts);

}  // namespace framespec::bench
