#include "framespec/error.h"

#include <array>
#include <cstddef>

namespace framespec {
namespace {

constexpr std::array<std::string_view, 18> kNames = {
    "bad_lead",           "bad_varint",       "negative_length", "length_underflow",
    "zero_length",        "too_small",        "too_large",       "header_too_large",
    "header_syntax",      "header_encoding",  "header_too_deep", "header_duplicate_key",
    "header_missing_key", "header_bad_value", "digest_mismatch", "bad_trailer",
    "truncated",          "not_expressible",
};

constexpr std::array<std::string_view, 18> kRules = {
    "PFX-1", "PFX-6",  "PFX-4", "PFX-8", "LIM-6", "LIM-5", "LIM-1", "HDR-11", "HDR-2",
    "HDR-3", "HDR-10", "HDR-5", "HDR-4", "HDR-6", "HDR-9", "TRL-1", "EOS-2",  "SND-3",
};
static_assert(kNames.size() == kRules.size());
static_assert(kNames.size() == static_cast<std::size_t>(ErrorKind::kNotExpressible) + 1);

}  // namespace

std::string_view name_of(ErrorKind kind) noexcept { return kNames[static_cast<std::size_t>(kind)]; }

std::string_view rule_of(ErrorKind kind) noexcept { return kRules[static_cast<std::size_t>(kind)]; }

std::optional<ErrorKind> error_kind_named(std::string_view name) noexcept {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<ErrorKind>(i);
  }
  return std::nullopt;
}

std::string to_string(const Error& error) {
  return std::string(name_of(error.kind)) + " at byte " + std::to_string(error.offset) + ": " +
         error.detail;
}

}  // namespace framespec
