// What shows what a testee has received.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "framespec/dialect.h"

namespace framespec::conformance {

inline constexpr std::string_view kObserveDefault = "echo";

/// A server, and a client unless it is said otherwise, sends the frames back on the connection. A
/// client may write their payloads to its standard output instead, or what it makes of them. A
/// value.
struct Observation {
  enum class Form : std::uint8_t {
    kEcho,    ///< frames of the dialect under test, on the connection
    kFrames,  ///< on standard output, in frames of `frames`
    kHex,     ///< on standard output, each a line of hexadecimal digits
    kExit,    ///< none: how a client with one fixed exchange ends, and all that it writes there
    kBytes,   ///< on the connection, whatever they mean: of a service, compared with the control
  };
  Form form = Form::kEcho;
  std::shared_ptr<const Dialect> frames{};  ///< of kFrames
  std::string text{kObserveDefault};        ///< as --observe has it, to be told

  [[nodiscard]] bool is_on_stdout() const noexcept {
    return form != Form::kEcho && form != Form::kBytes;
  }

  /// `text` as --observe has it: "echo", "stdout" (in int32 frames), "stdout:hex", "stdout:" and
  /// the name or file of a dialect, "exit". An error is a sentence.
  [[nodiscard]] static std::expected<Observation, std::string> parse(std::string_view text);
};

}  // namespace framespec::conformance
