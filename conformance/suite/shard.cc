#include "suite/shard.h"

#include <charconv>

#include "framespec/bytes.h"
#include "framespec/md5.h"

namespace framespec::conformance {
namespace {

std::optional<std::uint64_t> read_part(std::string_view text, int base) {
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

bool Shard::holds(std::string_view area, std::string_view dialect, std::string_view name) const {
  Md5 digest;
  for (const std::string_view part :
       {area, std::string_view("/"), dialect, std::string_view("/"), name}) {
    digest.update(as_bytes(part));
  }
  constexpr std::size_t kDigits = 8;
  constexpr int kHex = 16;
  const std::string hex = digest.finish();
  return *read_part(std::string_view(hex).substr(0, kDigits), kHex) % of == number - 1;
}

std::optional<Shard> parse_shard(std::string_view text) {
  constexpr int kDecimal = 10;
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto number = read_part(text.substr(0, slash), kDecimal);
  const auto of = read_part(text.substr(slash + 1), kDecimal);
  if (!number || !of || *number < 1 || *number > *of || *of > kShardsMax) return std::nullopt;
  return Shard{.number = *number, .of = *of};
}

std::string to_string(const Shard& shard) {
  return std::to_string(shard.number) + "/" + std::to_string(shard.of);
}

}  // namespace framespec::conformance
