#include "suite/conditions.h"

#include <algorithm>
#include <array>
#include <type_traits>
#include <variant>

namespace framespec::conformance {

Conditions read_conditions(const SuiteNode& node) {
  node.allow_keys({"signed", "header", "encoding", "shortest", "lead", "free_lead", "trailer",
                   "zero", "width_min", "width_max", "payload_max_at_least", "payload_max_at_most",
                   "payload_min_at_least", "counts_itself", "testee"});
  Conditions result;
  const auto boolean = [&](const char* key, std::optional<bool>& member) {
    if (node.has(key)) member = node.at(key).boolean();
  };
  const auto number = [&](const char* key, auto& member, std::uint64_t most) {
    using Value = typename std::remove_reference_t<decltype(member)>::value_type;
    if (node.has(key)) member = static_cast<Value>(node.at(key).number(0, most));
  };
  if (node.has("testee")) {
    result.side =
        std::array{Side::kServer, Side::kClient}.at(node.at("testee").one_of({"server", "client"}));
  }
  boolean("signed", result.is_signed);
  boolean("shortest", result.is_shortest);
  boolean("lead", result.has_lead);
  boolean("free_lead", result.has_free_lead);
  boolean("trailer", result.has_trailer);
  boolean("counts_itself", result.counts_itself);
  number("width_min", result.width_min, kLengthSizeMax);
  number("width_max", result.width_max, kLengthSizeMax);
  number("payload_max_at_least", result.payload_max_at_least, kPayloadSizeMax);
  number("payload_max_at_most", result.payload_max_at_most, kPayloadSizeMax);
  number("payload_min_at_least", result.payload_min_at_least, kPayloadSizeMax);
  if (node.has("header")) {
    result.header = std::array{HeaderKind::kNone, HeaderKind::kJson}.at(
        node.at("header").one_of({"none", "json"}));
  }
  if (node.has("encoding")) {
    result.encoding = std::array{LengthEncoding::kFixed, LengthEncoding::kVarint}.at(
        node.at("encoding").one_of({"fixed", "varint"}));
  }
  if (node.has("zero")) {
    result.zero = std::array{ZeroRule::kLegal, ZeroRule::kIllegal}.at(
        node.at("zero").one_of({"legal", "illegal"}));
  }
  return result;
}

std::optional<std::string> unmet_by_dialect(const Conditions& conditions, const Dialect& dialect) {
  const auto& length = dialect.length;
  const auto differs = [](const auto& wanted, auto actual) { return wanted && *wanted != actual; };
  if (differs(conditions.is_signed, length.is_signed)) {
    return length.is_signed ? "its length is signed" : "its length is unsigned";
  }
  if (differs(conditions.header, dialect.header)) {
    return dialect.header == HeaderKind::kJson ? "it has a JSON header" : "it has no JSON header";
  }
  if (differs(conditions.encoding, length.encoding)) {
    return length.encoding == LengthEncoding::kVarint ? "its length is a varint"
                                                      : "its length has a fixed width";
  }
  if (differs(conditions.is_shortest, length.is_shortest)) {
    return length.is_shortest ? "a varint that could be shorter is illegal in it"
                              : "it does not want the shortest varint";
  }
  if (differs(conditions.has_lead, !dialect.lead.empty())) {
    return dialect.lead.empty() ? "it has no lead bytes" : "it has lead bytes";
  }
  const bool has_free_lead = std::ranges::any_of(
      dialect.lead_mask, [](std::byte bits) { return bits != std::byte{0xff}; });
  if (differs(conditions.has_free_lead, has_free_lead)) {
    return has_free_lead ? "its lead has bits that may be anything"
                         : "its lead has no bits that may be anything";
  }
  if (differs(conditions.has_trailer, !dialect.trailer.empty())) {
    return dialect.trailer.empty() ? "it has no trailer" : "it has a trailer";
  }
  if (differs(conditions.zero, dialect.zero)) {
    return dialect.zero == ZeroRule::kLegal ? "an empty payload is legal in it"
                                            : "an empty payload is illegal in it";
  }
  if (conditions.zero == ZeroRule::kLegal && payload_size_min_of(dialect) > 0) {
    return "no payload is as small as nothing in it";
  }
  if (differs(conditions.counts_itself, length.adjustment < 0)) {
    return length.adjustment < 0 ? "its length includes bytes of the prefix"
                                 : "its length includes no byte of the prefix";
  }
  if (conditions.width_min && length.width < *conditions.width_min) {
    return "its length has fewer than " + std::to_string(*conditions.width_min) + " bytes";
  }
  if (conditions.width_max && length.width > *conditions.width_max) {
    return "its length has more than " + std::to_string(*conditions.width_max) + " bytes";
  }
  const auto maximum = std::to_string(dialect.payload_size_max);
  if (conditions.payload_max_at_least &&
      dialect.payload_size_max < *conditions.payload_max_at_least) {
    return "the largest payload, " + maximum + " bytes, is below " +
           std::to_string(*conditions.payload_max_at_least);
  }
  if (conditions.payload_max_at_most &&
      dialect.payload_size_max > *conditions.payload_max_at_most) {
    return "the largest payload, " + maximum + " bytes, is above " +
           std::to_string(*conditions.payload_max_at_most) + " (set a limit with --max-payload)";
  }
  const std::uint64_t minimum = payload_size_min_of(dialect);
  if (conditions.payload_min_at_least && minimum < *conditions.payload_min_at_least) {
    return "the smallest payload, " + std::to_string(minimum) + " bytes, is below " +
           std::to_string(*conditions.payload_min_at_least);
  }
  return std::nullopt;
}

std::optional<std::string> unmet_by_side(const SuiteCase& suite_case, const CaseValue& value,
                                         Side side) {
  if (suite_case.conditions.side && *suite_case.conditions.side != side) {
    return side == Side::kClient ? "it is for servers" : "it is for clients";
  }
  if (side == Side::kServer) return std::nullopt;
  const auto opens = [](const CaseStep& step) { return std::holds_alternative<Open>(step.action); };
  if (std::ranges::any_of(value.steps, opens)) {
    return "it has several connections, and a client has one";
  }
  return std::nullopt;
}

}  // namespace framespec::conformance
