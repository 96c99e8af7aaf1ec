// What the command line asks for.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "framespec/dialect.h"
#include "listen_address.h"
#include "reply_segmentation.h"

namespace framespec::server {

inline constexpr int kExitOk = 0;
inline constexpr int kExitUsage = 2;    ///< the command line or what it names is wrong
inline constexpr int kExitNetwork = 3;  ///< the network or the system did not let the server work

/// Why the program ends before it serves.
struct Exit {
  int code = kExitUsage;
  std::string text;        ///< one sentence, or the help
  bool is_answer = false;  ///< what was asked for (--help): goes to stdout
};

using Seconds = std::chrono::duration<double>;

enum class Framing : std::uint8_t { kFramed, kRaw };
enum class ServiceKind : std::uint8_t { kEcho, kUpper, kFile, kExec };
enum class Md5Policy : std::uint8_t { kVerify, kWarn, kIgnore };
enum class LogFormat : std::uint8_t { kText, kJson };

struct Options {
  std::vector<ListenAddress> listen;

  Dialect dialect;                     ///< of replies; of requests too, but for the limit below
  std::uint64_t payload_size_max = 0;  ///< of a request, inclusive; never above the dialect's own
  Framing requests = Framing::kFramed;
  Framing replies = Framing::kFramed;
  std::optional<ReplySegmentation> reply_segmentation;  ///< nothing: as they come
  Md5Policy md5 = Md5Policy::kVerify;

  ServiceKind service = ServiceKind::kEcho;
  std::string folder;  ///< of the file service

  std::vector<std::string> exec_commands;  ///< allowed word for word; run by `sh -c`
  std::vector<std::string> exec_programs;  ///< allowed with any arguments; run without a shell
  Seconds exec_timeout{10};
  std::uint64_t exec_output_size_max = 1 << 20;  ///< stdout and stderr together
  std::uint64_t exec_at_once = 32;               ///< commands, over all connections
  bool allow_non_loopback = false;

  int backlog = 511;
  std::uint64_t connections_max = 4096;
  bool nodelay = true;
  bool cork = false;

  Seconds frame_timeout{30};  ///< zero: off
  Seconds idle_timeout{0};    ///< zero: off
  Seconds drain_timeout{5};

  std::string port_file;  ///< empty: none
  std::string log_level = "info";
  LogFormat log_format = LogFormat::kText;
};

/// Reads the command line and checks all that can be checked without opening a socket: the dialect
/// is loaded, the service has what it needs.
std::expected<Options, Exit> parse_options(int argc, const char* const* argv);

}  // namespace framespec::server
