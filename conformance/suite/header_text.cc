#include "suite/header_text.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

#include "framespec/md5.h"
#include "suite/size_expression.h"

namespace framespec::conformance {
namespace {

std::optional<std::string> bytes_from_hex(std::string_view digits) {
  std::string bytes;
  std::string pair;
  for (const char digit : digits) {
    if (digit == ' ') continue;
    pair.push_back(digit);
    if (pair.size() < 2) continue;
    unsigned value = 0;
    const auto [end, failure] = std::from_chars(pair.data(), pair.data() + 2, value, 16);
    if (failure != std::errc{} || end != pair.data() + 2) return std::nullopt;
    bytes.push_back(static_cast<char>(value));
    pair.clear();
  }
  if (!pair.empty()) return std::nullopt;
  return bytes;
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
  if (name.starts_with("hex ")) return bytes_from_hex(name.substr(4));
  return std::nullopt;
}

std::optional<SizeExpression> pad_size(std::string_view name) {
  if (!name.starts_with("pad ")) return std::nullopt;
  const auto size = parse_size_expression(name.substr(4));
  return size ? std::optional(*size) : std::nullopt;
}

}  // namespace

std::expected<std::string, std::string> fill_header_text(std::string_view text, Bytes payload,
                                                         const Dialect& dialect) {
  std::string result;
  std::optional<std::size_t> pad_at;
  std::size_t wanted_size = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text[at] == '<' ? text.find('>', at) : std::string_view::npos;
    const auto name =
        end == std::string_view::npos ? std::string_view{} : text.substr(at + 1, end - at - 1);
    if (const auto filled = replacement(name, payload)) {
      result += *filled;
      at = end + 1;
    } else if (const auto size = pad_size(name)) {
      pad_at = result.size();
      wanted_size = static_cast<std::size_t>(evaluate(*size, dialect));
      at = end + 1;
    } else {
      result.push_back(text[at++]);
    }
  }
  if (!pad_at) return result;
  if (result.size() > wanted_size) {
    return std::unexpected("its header of " + std::to_string(result.size()) +
                           " bytes cannot be padded to " + std::to_string(wanted_size));
  }
  result.insert(*pad_at, wanted_size - result.size(), ' ');
  return result;
}

}  // namespace framespec::conformance
