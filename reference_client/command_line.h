// The command line as it is written: its options, its subcommands and their help.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "options.h"

namespace CLI {
class App;
}

namespace framespec::client {

/// What is judged together with others before it becomes a part of Options.
struct WrittenOptions {
  std::string address;
  std::string dialect;
  std::optional<Framing> request;
  Framing reply = Framing::kFramed;
  double connect_timeout_s = 10;
  double timeout_s = 60;
  std::optional<std::uint64_t> payload_size_max;
  std::vector<std::string> after_dashes;  ///< everything behind a lone --
  bool no_half_close = false;
  bool no_nodelay = false;
  bool no_color = false;
};

/// Adds everything to `app`. While it parses, what can be judged by itself goes into `options`,
/// the rest into `written`: both must outlive it.
void declare_command_line(CLI::App& app, WrittenOptions& written, Options& options);

}  // namespace framespec::client
