#include "report/answer_file.h"

#include <fmt/format.h>

#include <cstddef>

#include "framespec/printable.h"
#include "framespec/shortened.h"
#include "report/input_file.h"

namespace framespec::conformance {
namespace {

constexpr std::size_t kSizeMax = std::size_t{16} * 1024 * 1024;

}  // namespace

std::expected<Exchange, std::string> read_answer_file(const std::string& path) {
  const auto told_of_file = [&](const std::string& why) {
    return std::unexpected(fmt::format("{}: {}", printable(shortened(path)), printable(why)));
  };
  const auto text = read_whole_input(path, kSizeMax);
  if (!text) return told_of_file(text.error());
  auto exchange = parse_exchange(*text);
  if (!exchange) return told_of_file(to_string(exchange.error()));
  return *std::move(exchange);
}

}  // namespace framespec::conformance
