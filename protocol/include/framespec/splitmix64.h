// Seeded random numbers that are the same on every machine, compiler and standard library.
#pragma once

#include <bit>
#include <cstdint>

namespace framespec {

/// Steele, Lea and Flood's SplitMix64: 64 bits of state, and every seed is a good one. What the
/// library draws from a seed is part of its interface (a failure is repeated by its seed), hence no
/// std::uniform_int_distribution, whose results each standard library chooses for itself.
class SplitMix64 {
 public:
  explicit constexpr SplitMix64(std::uint64_t seed) noexcept : state_(seed) {}

  /// The next 64 bits.
  constexpr std::uint64_t next() noexcept {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t bits = state_;
    bits = (bits ^ (bits >> 30U)) * 0xbf58476d1ce4e5b9U;
    bits = (bits ^ (bits >> 27U)) * 0x94d049bb133111ebU;
    return bits ^ (bits >> 31U);
  }

  /// A number of `bits` random bits: 0 to 2^bits - 1. Precondition: bits <= 64.
  constexpr std::uint64_t bits(unsigned bits) noexcept {
    const std::uint64_t drawn = next();
    return bits == 0 ? 0 : drawn >> (64U - bits);
  }

  /// A number from 0 to `bound` - 1, each as likely: draws are repeated until one is below `bound`.
  /// Precondition: bound >= 1.
  constexpr std::uint64_t below(std::uint64_t bound) noexcept {
    const auto width = static_cast<unsigned>(std::bit_width(bound - 1));
    for (;;) {
      const std::uint64_t drawn = bits(width);
      if (drawn < bound) return drawn;
    }
  }

 private:
  std::uint64_t state_;
};

}  // namespace framespec
