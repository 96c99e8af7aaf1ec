#include "runner/observation.h"

#include <fmt/format.h>

namespace framespec::conformance {

std::expected<Observation, std::string> Observation::parse(std::string_view text) {
  if (text == "exit") return Observation{.form = Form::kExit, .text = std::string(text)};
  constexpr std::string_view kStdout = "stdout";
  if (text.empty() || text == kObserveDefault) return Observation{};
  if (!text.starts_with(kStdout) || (text.size() > kStdout.size() && text[kStdout.size()] != ':')) {
    return std::unexpected(
        fmt::format("\"{}\" is not what a client can be observed by: echo, stdout, stdout:hex, "
                    "stdout:DIALECT or exit",
                    text));
  }
  const std::string form(text == kStdout ? "int32" : text.substr(kStdout.size() + 1));
  if (form == "hex") return Observation{.form = Form::kHex, .text = std::string(text)};
  auto dialect = load_dialect(form);
  if (!dialect) return std::unexpected(to_string(dialect.error()));
  return Observation{.form = Form::kFrames,
                     .frames = std::make_shared<const Dialect>(std::move(*dialect)),
                     .text = std::string(text)};
}

}  // namespace framespec::conformance
