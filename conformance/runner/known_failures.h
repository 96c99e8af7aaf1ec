// Failures that are known of a testee: they stay failures, and change no exit code.
//
// docs/known-failures.md tells how a list of them is written and read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runner/verdict.h"

namespace framespec::conformance {

/// What kind of thing it is that is known.
enum class KnownClass : std::uint8_t {
  kUnsaid,
  kDefect,  ///< of the testee: to be mended some day
  kChoice,  ///< it is meant to do so
  kScope,   ///< the check asks for what the testee is not for
};
inline constexpr std::size_t kKnownClasses = 4;

/// The names that files use; empty for kUnsaid.
[[nodiscard]] std::string_view name_of(KnownClass known_class) noexcept;

struct KnownFailure {
  std::uint64_t line = 0;  ///< of the file, from 1
  std::string cases{};     ///< a glob over ids
  FailureKind failure = FailureKind::kNoAnswer;
  KnownClass known_class = KnownClass::kUnsaid;
  std::string reason{};  ///< never empty
  std::string link{};    ///< may be empty

  bool operator==(const KnownFailure&) const = default;
};

struct KnownFailures {
  std::string file;  ///< as the user named it
  std::vector<KnownFailure> entries;

  /// The first entry that says of this check that it fails in this way.
  [[nodiscard]] const KnownFailure* find(std::string_view id, FailureKind failure) const;
  [[nodiscard]] const KnownFailure* at_line(std::uint64_t line) const;
};

}  // namespace framespec::conformance
