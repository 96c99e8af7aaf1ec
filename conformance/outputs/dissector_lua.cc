#include "outputs/dissector_lua.h"

#include <fmt/format.h>

#include <cctype>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "framespec/bytes.h"
#include "framespec/error.h"
#include "framespec/printable.h"
#include "outputs/embedded_dissector.h"
#include "outputs/tcp_talk.h"

namespace framespec::conformance {
namespace {

std::string lua_string(std::string_view text) {
  std::string lua = "\"";
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    const bool is_plain = std::isprint(byte) != 0 && letter != '"' && letter != '\\';
    lua += is_plain ? std::string(1, letter) : fmt::format("\\{:03}", byte);
  }
  return lua + "\"";
}

std::string table_of(Bytes bytes) {
  std::string lua = "{";
  for (const std::byte byte : bytes) {
    lua += fmt::format("{}0x{:02x}", lua.size() == 1 ? "" : ", ", std::to_integer<int>(byte));
  }
  return lua + "}";
}

/// The upper and the lower half: a number of Lua 5.2 has 53 bits.
std::string halves_of(std::uint64_t value) {
  constexpr unsigned kHalf = 32;
  return fmt::format("{{{}, {}}}", value >> kHalf, value & 0xffffffffU);
}

/// Of what a length counts, which lengths stand for it. Those are compared as they stand on the
/// wire, so that nothing is ever multiplied.
class Lengths {
 public:
  explicit Lengths(const LengthField& field)
      : unit_(field.unit),
        included_(field.adjustment < 0 ? 0 - static_cast<std::uint64_t>(field.adjustment) : 0),
        added_(field.adjustment > 0 ? static_cast<std::uint64_t>(field.adjustment) : 0) {}

  /// The least that counts at least so many bytes.
  [[nodiscard]] std::uint64_t at_least(std::uint64_t size) const {
    if (size + included_ <= added_) return 0;
    return (size + included_ - added_ - 1) / unit_ + 1;
  }
  /// The highest that counts at most so many bytes.
  [[nodiscard]] std::uint64_t at_most(std::uint64_t size) const {
    return size + included_ < added_ ? 0 : (size + included_ - added_) / unit_;
  }
  [[nodiscard]] std::optional<std::uint64_t> exactly_zero() const {
    if (added_ != 0 || included_ % unit_ != 0) return std::nullopt;
    return included_ / unit_;
  }

 private:
  std::uint64_t unit_;
  std::uint64_t included_;  ///< so many bytes are counted that are no payload
  std::uint64_t added_;     ///< so many bytes of the payload are not counted
};

/// The name of the protocol in Wireshark, where many dialects' own are taken.
std::string protocol_name(std::string_view name) {
  std::string protocol = "framespec_";
  for (const char letter : name) {
    protocol += std::isalnum(static_cast<unsigned char>(letter)) != 0 ? letter : '_';
  }
  return protocol;
}

std::string rules_table(const Dialect& dialect) {
  std::string lua = "{";
  for (std::size_t index = 0; index < static_cast<std::size_t>(ErrorKind::kNotExpressible);
       ++index) {
    const auto kind = static_cast<ErrorKind>(index);
    const bool is_of_header = name_of(kind).starts_with("header_");
    if (kind == ErrorKind::kDigestMismatch) continue;
    if (is_of_header && dialect.header == HeaderKind::kNone) continue;
    lua += fmt::format("{}{} = \"{}\"", lua.size() == 1 ? "" : ", ", name_of(kind), rule_of(kind));
  }
  return lua + "}";
}

std::string dialect_table(const Dialect& dialect) {
  const LengthField& field = dialect.length;
  const Lengths lengths(field);
  std::string lua = "local dialect = {\n";
  const auto add = [&](std::string_view key, const std::string& value) {
    lua += fmt::format("  {} = {},\n", key, value);
  };
  const auto add_flag = [&](std::string_view key, bool value) {
    add(key, value ? "true" : "false");
  };
  add("name", lua_string(dialect.name));
  add("proto", lua_string(protocol_name(dialect.name)));
  add("title", lua_string(fmt::format("Frames of {} (framespec)", dialect.name)));
  add("port", lua_string(std::to_string(kMadeUpPort)));
  add("lead", table_of(dialect.lead));
  add("mask", table_of(dialect.lead_mask));
  add("width", std::to_string(field.width));
  add_flag("is_varint", field.encoding == LengthEncoding::kVarint);
  add_flag("is_shortest", field.is_shortest);
  add_flag("is_little", field.order == ByteOrder::kLittle);
  add_flag("is_signed", field.is_signed);
  add("unit", std::to_string(field.unit));
  add("adjustment", std::to_string(field.adjustment));
  lua += "  -- Lengths as they stand on the wire: which of them are wrong.\n";
  add("underflow_below", halves_of(lengths.at_least(0)));
  if (const auto zero = lengths.exactly_zero()) add("zero_at", halves_of(*zero));
  add_flag("zero_is_legal", dialect.zero == ZeroRule::kLegal);
  add("small_below", halves_of(lengths.at_least(dialect.payload_size_min)));
  add("large_above", halves_of(lengths.at_most(dialect.payload_size_max)));
  add("beyond_63_bits", halves_of(lengths.at_most(kPayloadSizeMax)));
  add("minimum", lua_string(std::to_string(dialect.payload_size_min)));
  add("maximum", lua_string(std::to_string(dialect.payload_size_max)));
  if (dialect.header == HeaderKind::kJson) {
    add("header",
        fmt::format("{{maximum = \"{0}\", large_above = {1}, depth = {2}}}",
                    dialect.header_size_max, halves_of(lengths.at_most(dialect.header_size_max)),
                    dialect.header_depth_max));
  }
  add("trailer", table_of(dialect.trailer));
  add("rules", rules_table(dialect));
  return lua + "}\n";
}

}  // namespace

std::string dissector_lua(const Dialect& dialect, const std::string& version) {
  std::string lua = fmt::format(
      "-- Shows Wireshark and tshark the frames of the dialect {}.\n"
      "-- {}\n"
      "-- Made by framespec {} (framespec dissector). Ports: the preference {}.port, or Decode "
      "As.\n\n",
      printable(dialect.name), printable(dialect.description), version,
      protocol_name(dialect.name));
  lua += dialect_table(dialect) + "\n";
  if (dialect.header == HeaderKind::kJson) lua += std::string(embedded_json_header()) + "\n";
  return lua + std::string(embedded_dissector());
}

}  // namespace framespec::conformance
