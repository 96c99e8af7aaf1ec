#include "report/answer_file.h"

#include <cstddef>

#include "report/input_file.h"

namespace framespec::conformance {
namespace {

constexpr std::size_t kSizeMax = std::size_t{16} * 1024 * 1024;

}  // namespace

std::expected<Exchange, std::string> read_answer_file(const std::string& path) {
  return parse_input(path, kSizeMax, parse_exchange);
}

}  // namespace framespec::conformance
