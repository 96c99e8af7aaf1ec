#include "report/size_words.h"

#include <cmath>
#include <cstddef>

namespace framespec::bench {
namespace {

std::string in_thousands(double number) {
  std::string text = std::to_string(std::llround(number));
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::string bytes_in_words(double bytes) {
  constexpr double kStep = 1024;
  const char* const units[] = {"B", "KiB", "MiB", "GiB"};
  std::size_t unit = 0;
  while (unit < 3 && bytes >= kStep && std::fmod(bytes, kStep) == 0) {
    bytes /= kStep;
    ++unit;
  }
  return in_thousands(bytes) + " " + units[unit];
}

}  // namespace

std::string size_in_words(double size, bool is_in_bytes) {
  return is_in_bytes ? bytes_in_words(size) : in_thousands(size);
}

}  // namespace framespec::bench
