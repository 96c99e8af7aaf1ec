// What the command line asks for.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "address.h"
#include "framespec/dialect.h"

namespace framespec::client {

enum class Framing : std::uint8_t { kFramed, kRaw };

/// What to do when a payload is not what the md5 of its JSON header says.
enum class DigestPolicy : std::uint8_t { kVerify, kWarn, kIgnore };

enum class OutputFormat : std::uint8_t { kText, kRaw, kHex, kJson };

struct SendOptions {
  std::vector<std::string> texts;
  std::vector<std::string> files;
  bool lines = false;  ///< send the lines of standard input, after texts and files
  OutputFormat output = OutputFormat::kText;
  bool expect_echo = false;
  bool no_reply = false;
  std::optional<std::size_t> in_flight_max;  ///< messages sent and not yet answered
};

struct ExecOptions {
  std::string command;
};

struct GetOptions {
  std::string file;
  std::string output;  ///< a path, or "-" for standard output
  bool force = false;
};

struct PromptOptions {};

/// Everything a run needs to know. Plain data.
struct Options {
  Address address;
  Dialect dialect;        ///< of requests
  Dialect reply_dialect;  ///< the same, with the limit of --max-payload
  Framing request = Framing::kFramed;
  Framing reply = Framing::kFramed;
  DigestPolicy digest = DigestPolicy::kVerify;
  std::chrono::milliseconds connect_timeout{10'000};  ///< 0: none
  std::chrono::milliseconds timeout{60'000};          ///< silence while a reply is due; 0: none
  bool nodelay = true;
  bool half_close = true;  ///< end a raw conversation by closing the sending side
  bool quiet = false;
  bool verbose = false;
  bool color = true;  ///< still only on a terminal
  std::variant<SendOptions, ExecOptions, GetOptions, PromptOptions> command;
};

/// The end of the program before it began: help, version, or a mistake in the command line.
struct EarlyExit {
  int code = 0;
  std::string text;
  bool to_stderr = false;
};

/// Reads the command line, and the dialect file if it names one.
std::expected<Options, EarlyExit> parse_options(int argc, const char* const* argv);

}  // namespace framespec::client
