#include "cli/option_checks.h"

#include <fmt/format.h>

#include <charconv>
#include <string>

#include "suite/release.h"
#include "suite/shard.h"

namespace framespec::conformance {

// CLI11's own Range takes NaN for a number of the range.
CLI::Validator number(double min, double max, const char* unit) {
  return {
      [=](std::string& text) {
        double value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        const bool is_good = error == std::errc{} && end == text.data() + text.size() &&
                             value >= min && value <= max;
        return is_good
                   ? std::string{}
                   : fmt::format("'{}' is not a number of {} from {} to {}", text, unit, min, max);
      },
      ""};
}

CLI::Validator seconds(double min) { return number(min, 3600, "seconds"); }

// CLI11 lets numbers wrap around.
CLI::Validator whole_number(std::uint64_t min, std::uint64_t max) {
  return {[min, max](std::string& text) {
            std::uint64_t value = 0;
            const auto [end, error] =
                std::from_chars(text.data(), text.data() + text.size(), value);
            const bool is_good = error == std::errc{} && end == text.data() + text.size() &&
                                 value >= min && value <= max;
            return is_good ? std::string{}
                           : "'" + text + "' is not a whole number from " + std::to_string(min) +
                                 " to " + std::to_string(max);
          },
          ""};
}

CLI::Validator not_empty() {
  return {[](std::string& text) {
            return text.empty() ? std::string("the name is empty") : std::string{};
          },
          ""};
}

CLI::Validator shard_of_cases() {
  return {[](std::string& text) {
            return parse_shard(text)
                       ? std::string{}
                       : fmt::format("'{}' is no part K/N, with K from 1 to N, and N up to {}",
                                     text, kShardsMax);
          },
          ""};
}

CLI::Validator release() {
  return {[](std::string& text) {
            return parse_release(text) ? std::string{}
                                       : fmt::format("'{}' is no release, such as 0.1", text);
          },
          ""};
}

}  // namespace framespec::conformance
