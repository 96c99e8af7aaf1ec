#include "runner/known_failures.h"

#include <algorithm>

#include "suite/suite.h"

namespace framespec::conformance {

std::string_view name_of(KnownClass known_class) noexcept {
  switch (known_class) {
    case KnownClass::kUnsaid:
      return "";
    case KnownClass::kDefect:
      return "defect";
    case KnownClass::kChoice:
      return "choice";
    case KnownClass::kScope:
      return "scope";
  }
  return "?";
}

const KnownFailure* KnownFailures::find(std::string_view id, FailureKind failure) const {
  const auto found = std::ranges::find_if(entries, [&](const KnownFailure& entry) {
    return entry.failure == failure && matches_glob(entry.cases, id);
  });
  return found == entries.end() ? nullptr : &*found;
}

const KnownFailure* KnownFailures::at_line(std::uint64_t line) const {
  const auto found = std::ranges::find(entries, line, &KnownFailure::line);
  return found == entries.end() ? nullptr : &*found;
}

}  // namespace framespec::conformance
