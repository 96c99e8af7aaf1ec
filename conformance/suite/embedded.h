// The files that are compiled into the program; embed_suites.cmake writes the definitions.
#pragma once

#include <span>
#include <string_view>

namespace framespec::conformance {

struct EmbeddedSuite {
  std::string_view name;  ///< "length.json"
  std::string_view text;
};

std::span<const EmbeddedSuite> embedded_suites() noexcept;

/// protocol/SPEC.md
std::string_view embedded_spec() noexcept;

/// conformance/cases/not_observable.json
std::string_view embedded_not_observable() noexcept;

}  // namespace framespec::conformance
