// What of a service's answers is not compared because the user says so: --mask.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "framespec/bytes.h"
#include "framespec/step.h"

namespace framespec::conformance {

/// Either bytes of one answer by their place, or what a regular expression matches.
struct Mask {
  std::optional<std::size_t> turn;  ///< from 0; nothing: of every turn, and of what comes behind
  step::Stretch stretch{};          ///< where `pattern` is empty
  std::string pattern{};            ///< step::ExpectAnswer::masks

  /// `text` as --mask has it: "2:17-46", turn from 1 and offsets from 0, the last one too; "/RE/",
  /// or "2:/RE/". What stands between the first and the last slash is the expression, with the
  /// slashes in it. An error is a sentence: of an expression it says what is wrong with it, and
  /// where.
  [[nodiscard]] static std::expected<Mask, std::string> parse(std::string_view text);
};

/// The expressions for the answer of that turn, from 0.
[[nodiscard]] std::vector<std::string> patterns_for(std::span<const Mask> masks, std::size_t turn);

/// What the expressions match, ascending and apart, or touching; what several of them match that
/// overlaps is one. A match of no bytes is none. The error is a sentence.
[[nodiscard]] std::expected<std::vector<step::Stretch>, std::string> masked_parts(
    std::span<const std::string> patterns, Bytes bytes);

}  // namespace framespec::conformance
