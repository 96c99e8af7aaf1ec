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
  const auto fd = open_input(path);
  if (!fd) return told_of_file(fd.error());
  std::string text;
  if (const auto size = read_input(*fd, kSizeMax + 1, text); !size) {
    return told_of_file(size.error());
  }
  if (text.size() > kSizeMax) return told_of_file("is larger than 16 MiB");
  auto exchange = parse_exchange(text);
  if (!exchange) return told_of_file(to_string(exchange.error()));
  return *std::move(exchange);
}

}  // namespace framespec::conformance
