#include "options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <span>
#include <string_view>

#include "command_line.h"
#include "option_values.h"

namespace framespec::server {
namespace {

const std::map<std::string, Framing> kFramings{{"framed", Framing::kFramed},
                                               {"raw", Framing::kRaw}};
const std::map<std::string, Md5Policy> kMd5Policies{
    {"verify", Md5Policy::kVerify}, {"warn", Md5Policy::kWarn}, {"ignore", Md5Policy::kIgnore}};
std::expected<void, Exit> use_service(const std::string& name, Options& options) {
  if (name == "echo") {
    options.service = ServiceKind::kEcho;
  } else if (name == "upper") {
    options.service = ServiceKind::kUpper;
  } else if (name == "exec") {
    options.service = ServiceKind::kExec;
  } else if (name.starts_with("file:") && name.size() > 5) {
    options.service = ServiceKind::kFile;
    options.folder = name.substr(5);
  } else {
    return std::unexpected(Exit{
        .text = fmt::format("there is no service '{}'; use echo, upper, file:DIR or exec", name)});
  }
  if (options.service == ServiceKind::kExec && options.exec_commands.empty() &&
      options.exec_programs.empty()) {
    return std::unexpected(
        Exit{.text = "the exec service runs nothing unless it is told what: name each command "
                     "with --exec-allow or --exec-allow-program"});
  }
  if (options.service != ServiceKind::kExec &&
      !(options.exec_commands.empty() && options.exec_programs.empty())) {
    return std::unexpected(
        Exit{.text = fmt::format("--exec-allow and --exec-allow-program belong to --service "
                                 "exec, and the service is {}",
                                 name)});
  }
  return {};
}

std::expected<void, Exit> use_dialect(const WrittenOptions& written, std::uint64_t payload_max,
                                      Options& options) {
  auto dialect = load_dialect(written.dialect);
  if (!dialect) {
    return std::unexpected(Exit{.text = "--dialect: " + to_string(dialect.error())});
  }
  options.dialect = *std::move(dialect);
  options.payload_size_max = std::min(payload_max, options.dialect.payload_size_max);
  const bool raw_requests = written.request.empty()
                                ? options.dialect.requests == RequestFraming::kRaw
                                : kFramings.at(written.request) == Framing::kRaw;
  options.requests = raw_requests ? Framing::kRaw : Framing::kFramed;
  options.replies = kFramings.at(written.reply);
  return {};
}

std::expected<void, Exit> use_reply_segmentation(const std::string& name, Options& options) {
  if (name.empty()) return {};
  auto segmentation = ReplySegmentation::parse(name);
  if (!segmentation) {
    return std::unexpected(Exit{.text = "--reply-segmentation: " + segmentation.error()});
  }
  if (options.cork || !options.nodelay) {
    return std::unexpected(
        Exit{.text = fmt::format("{} joins what --reply-segmentation cuts; leave one of them out",
                                 options.cork ? "--cork" : "--no-nodelay")});
  }
  options.reply_segmentation = *std::move(segmentation);
  return {};
}

std::expected<void, Exit> use_durations(const WrittenOptions& written, Options& options) {
  struct Duration {
    const char* option;
    const std::string& text;
    Seconds& into;
  };
  for (const Duration& duration :
       {Duration{"--frame-timeout", written.frame_timeout, options.frame_timeout},
        Duration{"--idle-timeout", written.idle_timeout, options.idle_timeout},
        Duration{"--drain-timeout", written.drain_timeout, options.drain_timeout},
        Duration{"--exec-timeout", written.exec_timeout, options.exec_timeout}}) {
    const auto value = parse_seconds(duration.text);
    if (!value) {
      return std::unexpected(Exit{.text = fmt::format("{}: {}", duration.option, value.error())});
    }
    duration.into = *value;
  }
  return {};
}

std::expected<Options, Exit> check(const WrittenOptions& written, Options options) {
  for (const std::string& text : written.listen) {
    auto address = parse_listen_address(text);
    if (!address) return std::unexpected(Exit{.text = address.error()});
    options.listen.push_back(*std::move(address));
  }
  if (written.quiet) options.log_level = "error";
  options.log_format = written.log_format == "json" ? LogFormat::kJson : LogFormat::kText;
  options.md5 = kMd5Policies.at(written.md5);

  if (const auto used = use_durations(written, options); !used)
    return std::unexpected(used.error());
  if (const auto used = use_reply_segmentation(written.reply_segmentation, options); !used) {
    return std::unexpected(used.error());
  }
  const auto payload_max = parse_byte_count(written.payload_max);
  if (!payload_max) {
    return std::unexpected(Exit{.text = "--max-payload: " + payload_max.error()});
  }
  const auto output_max = parse_byte_count(written.exec_output_max);
  if (!output_max) {
    return std::unexpected(Exit{.text = "--exec-output-max: " + output_max.error()});
  }
  options.exec_output_size_max = *output_max;
  if (const auto used = use_service(written.service, options); !used) {
    return std::unexpected(used.error());
  }
  if (const auto used = use_dialect(written, *payload_max, options); !used) {
    return std::unexpected(used.error());
  }
  if (options.requests == Framing::kRaw && options.payload_size_max == 0) {
    return std::unexpected(
        Exit{.text = "--max-payload: a raw request has a byte at least, and 0 allows none"});
  }
  return options;
}

}  // namespace

std::expected<Options, Exit> parse_options(int argc, const char* const* argv) {
  // CLI11 would take the next argument for the value.
  for (const std::string_view argument : std::span(argv, static_cast<std::size_t>(argc))) {
    if (argument.starts_with("--") && argument.find('=') == argument.size() - 1) {
      return std::unexpected(Exit{.text = fmt::format("{}: it names nothing; see --help",
                                                      argument.substr(0, argument.size() - 1))});
    }
  }
  CLI::App app("", "framespec-server");
  WrittenOptions written;
  Options options;
  declare_command_line(app, written, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return std::unexpected(Exit{.code = kExitOk, .text = app.help(), .is_answer = true});
  } catch (const CLI::CallForVersion& version) {
    return std::unexpected(Exit{.code = kExitOk, .text = version.what(), .is_answer = true});
  } catch (const CLI::ParseError& error) {
    return std::unexpected(Exit{.text = fmt::format("{}; see --help", error.what())});
  }
  return check(written, std::move(options));
}

}  // namespace framespec::server
