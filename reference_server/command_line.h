// The command line as it is written: its options and their help.
#pragma once

#include <string>
#include <vector>

#include "options.h"

namespace CLI {
class App;
}

namespace framespec::server {

/// What is checked together with others before it becomes a part of Options.
struct WrittenOptions {
  std::vector<std::string> listen;
  std::string dialect = "int32";
  std::string service = "echo";
  std::string request;
  std::string reply = "framed";
  std::string reply_segmentation;
  std::string payload_max = "16M";
  std::string md5 = "verify";
  std::string exec_timeout = "10";
  std::string exec_output_max = "1M";
  std::string frame_timeout = "30";
  std::string idle_timeout = "0";
  std::string drain_timeout = "5";
  std::string log_format = "text";
  bool quiet = false;
};

/// Adds everything to `app`. While it parses, what can be checked by itself goes into `options`,
/// the rest into `written`: both must outlive it.
void declare_command_line(CLI::App& app, WrittenOptions& written, Options& options);

}  // namespace framespec::server
