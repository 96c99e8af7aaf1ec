// What cases have in common that are made in code, of bytes as they stand: those of an answer file
// (suite/exchange.h), and those of a recording (suite/recording.h).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "suite/suite_case.h"

namespace framespec::conformance {

/// A case without its values, for every dialect.
[[nodiscard]] SuiteCase fixed_case(std::string_view area, std::string name, Level level,
                                   std::string title, std::string why, std::string remedy,
                                   std::vector<std::string> rules);

/// Adds a step on "main".
void add_step(std::vector<CaseStep>& steps, StepAction action);

/// Sends the bytes whole.
[[nodiscard]] FixedSendStep whole(Send send);

/// Sends them cut; or, where that is said, at most so many beginnings of them.
[[nodiscard]] FixedSendStep cut(Send send, std::optional<std::size_t> stop_at_most = {});

/// The bytes of both, one right behind the other.
[[nodiscard]] Send joined(Send first, const Send& second);

/// How many of `all` there are for one of `parts`: `least`, if there are so many.
[[nodiscard]] std::size_t share_of(std::size_t all, std::size_t parts, std::size_t least);

/// The same for each of parts of these sizes: as many as its size, or if all of them are more than
/// `all`, in the proportion of that; but `least`, if it has so many.
[[nodiscard]] std::vector<std::size_t> shares_by_size(std::size_t all,
                                                      const std::vector<std::size_t>& sizes,
                                                      std::size_t least);

}  // namespace framespec::conformance
