// Whether the largest payload that a testee takes seems to be another than it was said to be.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "runner/run_result.h"

namespace framespec::conformance {

/// What a testee that is configured for another limit looks like: to be told with the findings that
/// this explains, and never a verdict.
struct LimitHint {
  enum class Kind : std::uint8_t {
    kMore,  ///< it waits for payloads above --max-payload, but not for any
    kLess,  ///< it refuses one of --max-payload, and answers smaller ones
    kNone,  ///< it waits for payloads of whatever size
  };
  Kind kind = Kind::kMore;
  std::string sentence;
};

/// For a finding of this case that shows in `failure`; nothing where it says nothing about the
/// limit, where the limit is the dialect's own, or where only the one byte at the limit is judged
/// wrong: that is a defect.
[[nodiscard]] std::optional<LimitHint> limit_hint(const RunResult& run,
                                                  const DialectResult& dialect,
                                                  const std::string& case_key,
                                                  const Failure& failure);

/// The name that reports use: "more".
[[nodiscard]] std::string_view name_of(LimitHint::Kind kind) noexcept;

}  // namespace framespec::conformance
