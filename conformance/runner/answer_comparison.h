// Compares two answers in which parts are masked: byte by byte, each masked part as one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <vector>

#include "framespec/bytes.h"
#include "framespec/step.h"

namespace framespec::conformance {

/// An answer, and which parts of it are masked.
struct MaskedAnswer {
  Bytes bytes;
  std::vector<step::Stretch> masked{};

  /// How many there are to be compared: bytes, and masked parts. An answer that is equal to it has
  /// at least so many bytes.
  [[nodiscard]] std::uint64_t units() const noexcept;
  [[nodiscard]] bool ends_masked() const noexcept {
    return !masked.empty() && masked.back().to == bytes.size();
  }
};

/// The error, a sentence, where an expression does not compile.
[[nodiscard]] std::expected<MaskedAnswer, std::string> masked_answer(
    Bytes bytes, std::span<const std::string> patterns);

struct AnswerComparison {
  enum class Outcome : std::uint8_t {
    kSame,       ///< `known` is what `other` begins with
    kBeginning,  ///< `other` is what `known` begins with, and shorter
    kOther,      ///< a byte of one stands where the other has a masked part; or, where
                 ///< `differences` were not asked for, another byte
  };
  Outcome outcome = Outcome::kSame;
  std::size_t known_at = 0;  ///< where it has come to in each
  std::size_t other_at = 0;
};

/// `varies`: where bytes of `known` may be any. With `differences`, bytes that differ are added to
/// it, as stretches of `known`, ascending and apart, and compared no further.
[[nodiscard]] AnswerComparison compare(const MaskedAnswer& known,
                                       std::span<const step::Stretch> varies,
                                       const MaskedAnswer& other,
                                       std::vector<step::Stretch>* differences = nullptr);

/// "14 bytes, from byte 3 on 2b 4f |+O|": in hex, and as the characters that they are. What is
/// masked is stars.
[[nodiscard]] std::string around(const MaskedAnswer& answer, std::size_t at);

}  // namespace framespec::conformance
