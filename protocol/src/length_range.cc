#include "length_range.h"

#include <algorithm>

namespace framespec {

std::optional<std::uint64_t> LengthRange::at_least(std::uint64_t size) const noexcept {
  if (size <= smallest) return smallest;
  if (size > largest) return std::nullopt;
  // No wrap-around: size <= largest, and largest is itself a step of the progression.
  const std::uint64_t steps = (size - smallest) / unit + ((size - smallest) % unit != 0 ? 1 : 0);
  return smallest + steps * unit;
}

namespace {

/// The highest value that the bytes of the field can hold.
std::uint64_t field_value_max(const LengthField& field) noexcept {
  const bool is_varint = field.encoding == LengthEncoding::kVarint;
  const unsigned bits = field.width * (is_varint ? 7U : 8U) - (field.is_signed ? 1U : 0U);
  return bits >= 64 ? UINT64_MAX : (std::uint64_t{1} << bits) - 1;
}

}  // namespace

std::uint64_t length_value_max(const LengthField& field) noexcept {
  return field_value_max(field) - field.reserved;
}

bool LengthField::is_reserved(std::uint64_t length) const noexcept {
  return length > length_value_max(*this) && length <= field_value_max(*this);
}

std::optional<LengthRange> length_range(const LengthField& field) noexcept {
  const bool adds = field.adjustment >= 0;
  const auto shift = static_cast<std::uint64_t>(adds ? field.adjustment : -field.adjustment);
  const std::uint64_t unit = field.unit;
  const std::uint64_t lowest = adds ? 0 : shift / unit + (shift % unit != 0 ? 1 : 0);
  const std::uint64_t ceiling = adds ? kPayloadSizeMax - shift : kPayloadSizeMax + shift;
  const std::uint64_t highest = std::min(length_value_max(field), ceiling / unit);
  if (lowest > highest) return std::nullopt;
  const auto size_of = [&](std::uint64_t length) {
    return adds ? length * unit + shift : length * unit - shift;
  };
  return LengthRange{.smallest = size_of(lowest), .largest = size_of(highest), .unit = unit};
}

}  // namespace framespec
