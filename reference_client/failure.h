// How a command of the client ends when it does not end well.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace framespec::client {

/// What the process returns. A caught Ctrl-C is not among them: the process then ends by that
/// signal, which a shell shows as 130.
enum class ExitCode : int {
  kSuccess = 0,
  kFinding = 1,  ///< the server broke the protocol, sent a wrong digest, or closed too early
  kUsage = 2,    ///< the command line, a dialect file or an output path is not usable
  kUnable = 3,   ///< the network, the disk or a time limit did not let the work be done
};

/// Why a command could not be carried out: a sentence that says what, where, and what to do.
struct Failure {
  ExitCode code = ExitCode::kUnable;
  std::string message;
};

template <typename Value>
using Result = std::expected<Value, Failure>;

inline std::unexpected<Failure> finding(std::string message) {
  return std::unexpected(Failure{ExitCode::kFinding, std::move(message)});
}
inline std::unexpected<Failure> usage(std::string message) {
  return std::unexpected(Failure{ExitCode::kUsage, std::move(message)});
}
inline std::unexpected<Failure> unable(std::string message) {
  return std::unexpected(Failure{ExitCode::kUnable, std::move(message)});
}

}  // namespace framespec::client
