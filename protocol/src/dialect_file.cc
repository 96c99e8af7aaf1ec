// parse_dialect: from the text of a dialect file to a dialect.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <utility>

#include "dialect_ranges.h"
#include "framespec/dialect.h"
#include "framespec/json_syntax.h"
#include "length_range.h"
#include "object_reader.h"

namespace framespec {
namespace {

constexpr JsonFileKind kDialectFile{.name = "dialect file", .depth_max = 8};

using nlohmann::json;

constexpr std::array<std::string_view, 2> kEncodings{"fixed", "varint"};
constexpr std::array<std::string_view, 2> kOrders{"big", "little"};
constexpr std::array<std::string_view, 2> kZeroRules{"legal", "illegal"};
constexpr std::array<std::string_view, 2> kRequests{"framed", "raw"};

void read_lead(const json& value, Dialect& dialect, FirstError& error) {
  constexpr std::array<std::string_view, 2> kKeys{"bytes", "mask"};
  ObjectReader lead(value, "$.lead", kKeys, error);
  if (!lead.need("bytes", bytes_rule(1, kLeadSizeMax))) return;
  dialect.lead = lead.hex("bytes", kLeadSizeMax).value_or(ByteVector{});
  dialect.lead_mask =
      lead.hex("mask", kLeadSizeMax).value_or(ByteVector(dialect.lead.size(), std::byte{0xff}));
}

void read_length(const json& value, LengthField& length, FirstError& error) {
  constexpr std::array<std::string_view, 8> kKeys{"encoding", "width",      "order", "signed",
                                                  "shortest", "adjustment", "unit",  "reserved"};
  ObjectReader object(value, "$.length", kKeys, error);
  const bool is_varint = object.choice("encoding", kEncodings).value_or(0) == 1;
  length.encoding = is_varint ? LengthEncoding::kVarint : LengthEncoding::kFixed;
  const WholeNumberRange width = is_varint ? kVarintWidthRange : kFixedWidthRange;
  if (!is_varint) object.need("width", describe(width));
  length.width = static_cast<std::uint8_t>(object.number("width", width).value_or(width.max));
  if (is_varint && object.has("order")) {
    object.reject("order", "left out for a varint, whose order is fixed");
  }
  // No default: a wrong guess here reads every length wrong.
  if (!is_varint && length.width > 1) object.need("order", one_of(kOrders));
  length.order =
      object.choice("order", kOrders).value_or(0) == 1 ? ByteOrder::kLittle : ByteOrder::kBig;
  length.is_signed = object.boolean("signed").value_or(false);
  length.is_shortest = object.boolean("shortest").value_or(false);
  length.adjustment = object.number("adjustment", kAdjustmentRange).value_or(0);
  length.unit = static_cast<std::uint32_t>(object.number("unit", kUnitRange).value_or(1));
  length.reserved =
      static_cast<std::uint32_t>(object.number("reserved", kReservedRange).value_or(0));
}

void read_header(const json& value, Dialect& dialect, FirstError& error) {
  constexpr std::array<std::string_view, 3> kKeys{"kind", "maximum", "depth"};
  if (value == "none") return;
  if (!value.is_object()) {
    error.set("$.header", not_allowed(shown(value), "\"none\" or an object with the key kind"));
    return;
  }
  ObjectReader header(value, "$.header", kKeys, error);
  constexpr std::array<std::string_view, 1> kKinds{"json"};
  if (header.need("kind", one_of(kKinds))) header.choice("kind", kKinds);
  dialect.header = HeaderKind::kJson;
  if (const auto size = header.number("maximum", kHeaderSizeRange)) {
    dialect.header_size_max = static_cast<std::uint32_t>(*size);
  } else if (const auto range = length_range(dialect.length)) {
    dialect.header_size_max = static_cast<std::uint32_t>(
        std::min<std::uint64_t>(dialect.header_size_max, range->largest));
  }
  if (const auto depth = header.number("depth", kHeaderDepthRange)) {
    dialect.header_depth_max = static_cast<std::uint32_t>(*depth);
  }
}

// Needs length and header, on which the defaults depend.
void read_payload(const json& value, Dialect& dialect, FirstError& error) {
  constexpr std::array<std::string_view, 3> kKeys{"minimum", "maximum", "zero"};
  ObjectReader payload(value, "$.payload", kKeys, error);
  if (const auto size = payload.number("minimum", kPayloadSizeRange)) {
    dialect.payload_size_min = static_cast<std::uint64_t>(*size);
  }
  if (const auto size = payload.number("maximum", kPayloadSizeRange)) {
    dialect.payload_size_max = static_cast<std::uint64_t>(*size);
  }
  if (const auto zero = payload.choice("zero", kZeroRules)) {
    dialect.zero = *zero == 1 ? ZeroRule::kIllegal : ZeroRule::kLegal;
  }
}

void set_payload_defaults(Dialect& dialect) {
  const auto range = length_range(dialect.length);
  if (!range || dialect.header == HeaderKind::kJson) return;
  dialect.payload_size_max = range->largest;
  if (range->smallest != 0) dialect.zero = ZeroRule::kIllegal;
}

// The file's word for where it comes from; for people, no part of the dialect.
void check_sources(ObjectReader& root, FirstError& error) {
  if (!root.has("sources")) return;
  const json& sources = root.at("sources");
  if (!sources.is_array()) root.reject("sources", "an array of strings");
  for (std::size_t i = 0; sources.is_array() && i < sources.size(); ++i) {
    if (sources[i].is_string()) continue;
    error.set("$.sources[" + std::to_string(i) + "]", not_allowed(shown(sources[i]), "a string"));
  }
}

Dialect read_dialect(const json& document, FirstError& error) {
  constexpr std::array<std::string_view, 10> kKeys{"$schema", "name",    "description", "sources",
                                                   "lead",    "length",  "header",      "payload",
                                                   "trailer", "requests"};
  Dialect dialect;
  ObjectReader root(document, "$", kKeys, error);
  if (error.is_set()) return dialect;
  root.text("$schema", "a string");
  if (root.need("name", kNameRule)) {
    dialect.name = root.text("name", kNameRule).value_or("");
  }
  dialect.description = root.text("description", kDescriptionRule).value_or("");
  check_sources(root, error);
  if (root.has("lead")) read_lead(root.at("lead"), dialect, error);
  if (root.need("length", "an object")) read_length(root.at("length"), dialect.length, error);
  if (root.has("header")) read_header(root.at("header"), dialect, error);
  if (error.is_set()) return dialect;
  set_payload_defaults(dialect);
  if (root.has("payload")) read_payload(root.at("payload"), dialect, error);
  dialect.trailer = root.hex("trailer", kTrailerSizeMax).value_or(ByteVector{});
  dialect.requests = root.choice("requests", kRequests).value_or(0) == 1 ? RequestFraming::kRaw
                                                                         : RequestFraming::kFramed;
  return dialect;
}

}  // namespace

std::expected<Dialect, DialectError> parse_dialect(std::string_view json_text) {
  if (json_text.size() > kDialectFileSizeMax) {
    return std::unexpected(DialectError{.path = "$",
                                        .message = "the file is too large; it may have at most " +
                                                   std::to_string(kDialectFileSizeMax) + " bytes"});
  }
  if (auto syntax = check_json_syntax(json_text, kDialectFile); !syntax) {
    auto& [path, message] = syntax.error();
    return std::unexpected(DialectError{.path = std::move(path), .message = std::move(message)});
  }
  FirstError error;
  Dialect dialect = read_dialect(json::parse(json_text), error);
  if (error.is_set()) {
    auto [path, message] = error.take();
    return std::unexpected(DialectError{.path = std::move(path), .message = std::move(message)});
  }
  if (auto consistent = check_consistency(dialect); !consistent) {
    return std::unexpected(std::move(consistent).error());
  }
  return dialect;
}

}  // namespace framespec
