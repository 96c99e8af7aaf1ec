#include "framespec/dialect.h"

#include <algorithm>

#include "framespec/shortened.h"
#include "length_range.h"

namespace framespec {

std::optional<std::uint64_t> Dialect::legal_payload_size(std::uint64_t size) const noexcept {
  size = std::max({size, payload_size_min, std::uint64_t{1}});
  if (header == HeaderKind::kNone) {
    const auto expressible = length_range(length)->at_least(size);
    if (!expressible) return std::nullopt;
    size = *expressible;
  }
  return size <= payload_size_max ? std::optional(size) : std::nullopt;
}

std::expected<Dialect, DialectError> Dialect::with_payload_limit(std::uint64_t size) const {
  Dialect limited = *this;
  limited.payload_size_max = std::min(payload_size_max, size);
  if (const auto consistent = check_consistency(limited); !consistent) {
    return std::unexpected(DialectError{.path = "",
                                        .message = "a payload limit of " + std::to_string(size) +
                                                   " bytes does not suit " + name + ": " +
                                                   to_string(consistent.error())});
  }
  return limited;
}

std::string to_string(const DialectError& error) {
  std::string line;
  for (const std::string& part : {shortened(error.file), error.path}) {
    if (part.empty()) continue;
    line += part;
    line += ": ";
  }
  return line + error.message;
}

}  // namespace framespec
