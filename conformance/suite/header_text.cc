#include "suite/header_text.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

#include "framespec/hex.h"
#include "framespec/md5.h"
#include "framespec/shortened.h"
#include "suite/size_expression.h"
#include "suite/stream_builder.h"

namespace framespec::conformance {
namespace {

constexpr std::string_view kHex = "hex ";
constexpr std::string_view kPad = "pad ";

std::optional<std::string> bytes_from_hex(std::string_view digits) {
  const auto bytes = read_hex(digits);
  return bytes ? std::optional(std::string(as_text(*bytes))) : std::nullopt;
}

std::optional<std::string> replacement(std::string_view name, Bytes payload) {
  if (name == "size") return std::to_string(payload.size());
  if (name == "md5") return md5_of(payload);
  if (name == "MD5") {
    auto digest = md5_of(payload);
    std::ranges::transform(digest, digest.begin(),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return digest;
  }
  if (name.starts_with(kHex)) return bytes_from_hex(name.substr(kHex.size()));
  return std::nullopt;
}

std::optional<SizeExpression> pad_size(std::string_view name) {
  if (!name.starts_with(kPad)) return std::nullopt;
  const auto size = parse_size_expression(name.substr(kPad.size()));
  return size ? std::optional(*size) : std::nullopt;
}

/// What is wrong with a placeholder that begins with kHex or kPad; nothing if it can be filled in.
std::optional<std::string> mistake_in(std::string_view name, bool is_closed) {
  if (!is_closed) return "has no end: '>' is missing";
  if (name.starts_with(kHex)) {
    const auto bytes = read_hex(name.substr(kHex.size()));
    if (bytes) return std::nullopt;
    return "behind \"<hex \", " + bytes.error().message + "; bytes are " + std::string(kHexRule);
  }
  const auto size = parse_size_expression(name.substr(kPad.size()));
  if (!size) return size.error();
  if (size->symbol != SizeExpression::Symbol::kSpoilt) return std::nullopt;
  return "\"spoilt\" is the place of a spoilt byte, and a header has none";
}

}  // namespace

std::expected<void, std::string> check_header_text(std::string_view text) {
  bool is_padded = false;
  for (std::size_t at = text.find('<'); at < text.size(); at = text.find('<', at + 1)) {
    const auto rest = text.substr(at + 1);
    const bool is_pad = rest.starts_with(kPad);
    if (!is_pad && !rest.starts_with(kHex)) continue;
    const auto end = rest.find('>');
    auto mistake = mistake_in(rest.substr(0, end), end != std::string_view::npos);
    if (!mistake && is_pad && std::exchange(is_padded, true)) mistake = "is a second <pad …>";
    if (!mistake) continue;
    const auto placeholder = end == std::string_view::npos ? rest : rest.substr(0, end + 1);
    return std::unexpected("the placeholder \"<" + shortened(placeholder) + "\" at offset " +
                           std::to_string(at) + ": " + *mistake);
  }
  return {};
}

std::expected<std::string, std::string> fill_header_text(std::string_view text, Bytes payload,
                                                         const Dialect& dialect) {
  std::string result;
  std::optional<std::size_t> pad_at;
  WideInteger wanted_size = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text[at] == '<' ? text.find('>', at) : std::string_view::npos;
    const auto name =
        end == std::string_view::npos ? std::string_view{} : text.substr(at + 1, end - at - 1);
    if (const auto filled = replacement(name, payload)) {
      result += *filled;
      at = end + 1;
    } else if (const auto size = pad_size(name)) {
      pad_at = result.size();
      wanted_size = evaluate(*size, dialect);
      at = end + 1;
    } else {
      result.push_back(text[at++]);
    }
  }
  if (!pad_at) return result;
  if (wanted_size < WideInteger{result.size()} || wanted_size > WideInteger{kStepBytesMax}) {
    return std::unexpected("its header of " + std::to_string(result.size()) +
                           " bytes cannot be padded to " + to_string(wanted_size));
  }
  result.insert(*pad_at, static_cast<std::size_t>(wanted_size) - result.size(), ' ');
  return result;
}

}  // namespace framespec::conformance
