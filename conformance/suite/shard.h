// A part of the cases, so that several machines can share a run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace framespec::conformance {

/// The part `number` of `of`, from 1. Which part a case belongs to follows from its name and its
/// dialect alone: another case that is added or left out moves none.
struct Shard {
  std::uint64_t number = 1;
  std::uint64_t of = 1;

  /// Whether the case belongs to it, with all of its values, controls and segmentations: what is
  /// run of one of them depends on what became of the others.
  [[nodiscard]] bool holds(std::string_view area, std::string_view dialect,
                           std::string_view name) const;

  bool operator==(const Shard&) const = default;
};

/// So many parts at most.
inline constexpr std::uint64_t kShardsMax = 10'000;

/// "2/3"; nothing where that is no such part.
[[nodiscard]] std::optional<Shard> parse_shard(std::string_view text);

/// "2/3".
[[nodiscard]] std::string to_string(const Shard& shard);

}  // namespace framespec::conformance
