// parse_json_header against two other parsers: HDR-2 to HDR-8, HDR-10.
//
// The input is the text of a header. nlohmann/json judges it through the reference model, which
// gives the error that SPEC.md puts first; simdjson has a say wherever it can read the numbers.
#include "framespec/json_header.h"

#include <simdjson.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "header_model.h"
#include "oracles/violation.h"
#include "target.h"

namespace framespec::fuzz {
namespace {

using Parsed = std::expected<JsonHeader, JsonHeaderError>;

bool is_error_of_form(ErrorKind kind) {
  return kind == ErrorKind::kHeaderSyntax || kind == ErrorKind::kHeaderEncoding;
}

/// The sentence of an error: plain ASCII and bounded but for the digits of a size (error.h).
Violation check_error(std::string_view text, const JsonHeaderError& error) {
  constexpr std::size_t kSentenceSizeMax = 200;
  const bool is_ascii =
      std::ranges::all_of(error.detail, [](char c) { return c >= ' ' && c <= '~'; });
  if (!is_ascii || error.detail.empty()) return "the error's sentence is not plain ASCII";
  if (error.position > text.size()) return "the error lies behind the text";
  const std::size_t digits = error.kind == ErrorKind::kTooLarge ? text.size() : 0;
  if (error.detail.size() > kSentenceSizeMax + digits) return "the error's sentence is too long";
  return std::nullopt;
}

Violation compare_with_model(std::string_view text, const JsonHeaderLimits& limits,
                             const Parsed& ours) {
  const auto model = model::read_header(std::string(text), limits);
  if (ours && model) {
    if (*ours == *model) return std::nullopt;
    return "the values differ from nlohmann's: " + encode_json_header(*ours) + " and " +
           encode_json_header(*model);
  }
  if (!ours && !model && ours.error().kind == model.error()) return check_error(text, ours.error());
  const auto verdict = [](const auto& result, const auto& kind_of) {
    return result ? std::string("accepts it")
                  : "says " + std::string(name_of(kind_of(result.error())));
  };
  return "parse_json_header " +
         verdict(ours, [](const JsonHeaderError& error) { return error.kind; }) + "; the model " +
         verdict(model, [](ErrorKind kind) { return kind; });
}

/// simdjson cannot read numbers beyond 64 bits or beyond a double; duplicates, limits and our own
/// keys are none of its business. A byte order mark it skips in later versions.
Violation compare_with_simdjson(std::string_view text, const Parsed& ours) {
  static simdjson::dom::parser parser;
  const simdjson::padded_string padded(text);
  simdjson::dom::element document;
  const auto error = parser.parse(padded).get(document);
  const bool is_form_right = ours || !is_error_of_form(ours.error().kind);
  if (error == simdjson::NUMBER_ERROR) return std::nullopt;
  if (error != simdjson::SUCCESS) {
    // An error of form may lie behind the duplicate key or the depth at which we stopped.
    if (!ours) return std::nullopt;
    return "parse_json_header accepts what simdjson rejects: " +
           std::string(simdjson::error_message(error));
  }
  if (!is_form_right && document.is_object() && !text.starts_with("\xEF\xBB\xBF")) {
    return "parse_json_header rejects the form of what simdjson accepts: " + ours.error().detail;
  }
  if (!ours) return std::nullopt;
  std::string_view filename;
  std::uint64_t total_size = 0;
  if (document["filename"].get(filename) != simdjson::SUCCESS ||
      document["total_size"].get(total_size) != simdjson::SUCCESS || filename != ours->filename ||
      total_size != ours->total_size) {
    return "filename or total_size differ from simdjson's";
  }
  return std::nullopt;
}

Violation compare_with_dom(std::string_view text, const Parsed& ours) {
  if (!ours) return std::nullopt;
  const auto document = nlohmann::json::parse(text, nullptr, false);
  // An unknown key may hold a number beyond a double, which nlohmann rejects and JSON allows.
  if (document.is_discarded()) return std::nullopt;
  const JsonHeader dom{document.at("filename"), ours->md5, document.at("total_size")};
  if (dom == *ours) return std::nullopt;
  return "the values differ from those of nlohmann's document";
}

/// What was accepted can be sent, and reads back the same.
Violation check_round_trip(const Parsed& ours) {
  if (!ours) return std::nullopt;
  const std::string text = encode_json_header(*ours);
  const auto again = parse_json_header(text);
  if (!again)
    return "the header, written again, is rejected: " + again.error().detail + ": " + text;
  if (*again != *ours) return "the header, written again, reads otherwise: " + text;
  return std::nullopt;
}

Violation find_violation(std::string_view text) {
  for (const JsonHeaderLimits limits :
       {JsonHeaderLimits{}, JsonHeaderLimits{.total_size_max = 1000, .depth_max = 3}}) {
    const Parsed ours = parse_json_header(text, limits);
    if (auto bad = compare_with_model(text, limits, ours)) return bad;
    if (auto bad = compare_with_simdjson(text, ours)) return bad;
    if (auto bad = compare_with_dom(text, ours)) return bad;
    if (auto bad = check_round_trip(ours)) return bad;
  }
  return std::nullopt;
}

}  // namespace

void run_input(Bytes input) {
  if (const Violation bad = find_violation(as_text(input))) report_finding(*bad, input);
}

std::string explain_input(Bytes input) {
  const std::string_view text = as_text(input);
  const Parsed ours = parse_json_header(text);
  return "header        " + std::string(text) + "\nours          " +
         (ours ? encode_json_header(*ours)
               : std::string(name_of(ours.error().kind)) + ": " + ours.error().detail);
}

}  // namespace framespec::fuzz
