#include "options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <memory>
#include <span>
#include <string_view>

#include "help_formatter.h"
#include "option_values.h"

namespace framespec::server {
namespace {

constexpr const char* kDescription =
    "framespec-server: a framed TCP server that answers every request it can read.";

constexpr const char* kFooter = R"(Examples:
  An echo server for a client under test, on a free port that is printed and written to a file:
    framespec-server --listen 127.0.0.1:0 --dialect int64 --port-file /tmp/port
  Serve a folder, each reply with its JSON header:
    framespec-server --listen [::1]:9000 --dialect json --service file:/srv/data
  A remote command for clients that send requests unframed, and read a JSON header:
    framespec-server --listen 127.0.0.1:9000 --dialect json --request raw --service exec \
                     --exec-allow 'df -h' --exec-allow-program ls
  No framing at all, upper-cased:
    framespec-server --listen unix:/tmp/s --request raw --reply raw --service upper

Stops on SIGTERM, SIGINT, SIGQUIT or SIGHUP (unless that is ignored, as by nohup): takes no new
connection, finishes the answers in progress within --drain-timeout, and ends; a second signal ends
it at once.

Exit codes:
  0  stopped as asked
  2  the command line, or a dialect, folder or port file that it names, is wrong
  3  an address is in use or not available, or the system refused something the server needs)";

// What the command line holds before it has been checked.
struct Raw {
  std::vector<std::string> listen;
  std::string dialect = "int32";
  std::string service = "echo";
  std::string request;
  std::string reply = "framed";
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

const std::map<std::string, Framing> kFramings{{"framed", Framing::kFramed},
                                               {"raw", Framing::kRaw}};
const std::map<std::string, Md5Policy> kMd5Policies{
    {"verify", Md5Policy::kVerify}, {"warn", Md5Policy::kWarn}, {"ignore", Md5Policy::kIgnore}};

// What a check of a value that must say something gives: a sentence, or nothing.
std::string refuse_blank(const std::string& value) {
  const bool is_blank = value.find_first_not_of(" \t\r\n") == std::string::npos;
  return is_blank ? "it names nothing" : "";
}

void declare_wire(CLI::App& app, Raw& raw) {
  app.add_option("--listen", raw.listen,
                 "Where to listen: HOST:PORT, [IPV6]:PORT or unix:PATH. Port 0 takes a free one. "
                 "May be given several times")
      ->required()
      ->allow_extra_args(false)
      ->type_name("ADDRESS")
      ->group("Wire");
  app.add_option("--dialect", raw.dialect, "How frames look: the name of a dialect, or a file")
      ->capture_default_str()
      ->type_name("NAME|FILE")
      ->group("Wire");
  app.add_option("--request", raw.request,
                 "Whether requests are framed, or each receive is one (as the dialect says)")
      ->check(CLI::IsMember({"framed", "raw"}))
      ->type_name("framed|raw")
      ->group("Wire");
  app.add_option("--reply", raw.reply, "Whether replies are framed")
      ->check(CLI::IsMember({"framed", "raw"}))
      ->capture_default_str()
      ->type_name("framed|raw")
      ->group("Wire");
  app.add_option("--max-payload", raw.payload_max,
                 "Largest payload of a request, inclusive; K, M and G are understood. With raw "
                 "requests the most that one receive takes")
      ->capture_default_str()
      ->type_name("BYTES")
      ->group("Wire");
  app.add_option("--md5", raw.md5,
                 "What a request whose md5 is wrong leads to: the end of its connection (verify), "
                 "a line in the log (warn), or nothing (ignore)")
      ->check(CLI::IsMember({"verify", "warn", "ignore"}))
      ->capture_default_str()
      ->type_name("verify|warn|ignore")
      ->group("Wire");
}

void declare_service(CLI::App& app, Raw& raw, Options& options) {
  app.add_option(
         "--service", raw.service,
         "What to do with a request. echo: send it back. upper: send it back with ASCII "
         "letters upper-cased. file:DIR: send the file of that name under DIR. exec: run it "
         "as a command and send its stdout, then its stderr")
      ->capture_default_str()
      ->type_name("SERVICE")
      ->group("Service");
  app.add_option("--exec-allow", options.exec_commands,
                 "Allow this command, word for word; it is run by sh -c. May be repeated")
      ->allow_extra_args(false)
      ->check(refuse_blank)
      ->type_name("COMMAND")
      ->group("Service");
  app.add_option(
         "--exec-allow-program", options.exec_programs,
         "Allow this program with any arguments; it is run without a shell. May be repeated")
      ->allow_extra_args(false)
      ->check(refuse_blank)
      ->type_name("PROGRAM")
      ->group("Service");
  app.add_option("--exec-timeout", raw.exec_timeout,
                 "Kill a command, and all that it started, after this time; 0: never")
      ->capture_default_str()
      ->type_name("SECONDS")
      ->group("Service");
  app.add_option("--exec-output-max", raw.exec_output_max,
                 "Kill a command that writes more than this, stdout and stderr together")
      ->capture_default_str()
      ->type_name("BYTES")
      ->group("Service");
  app.add_option("--exec-at-once", options.exec_at_once,
                 "Commands that may run at once; a request for one more is told so, and does not "
                 "wait")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000}))
      ->capture_default_str()
      ->type_name("N")
      ->group("Service");
  app.add_flag("--allow-non-loopback", options.allow_non_loopback,
               "Let exec listen on an address that other machines reach. Nobody is asked for a "
               "password: whoever connects runs the allowed commands as you")
      ->group("Service");
}

void declare_connections(CLI::App& app, Raw& raw, Options& options) {
  app.add_option("--backlog", options.backlog, "Connections that may wait to be accepted")
      ->check(CLI::Range(1, 65535))
      ->capture_default_str()
      ->type_name("N")
      ->group("Connections");
  app.add_option("--max-connections", options.connections_max,
                 "Connections served at once; more wait in the backlog. Fewer are served where the "
                 "limit on descriptors asks for it")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000}))
      ->capture_default_str()
      ->type_name("N")
      ->group("Connections");
  app.add_flag("--nodelay,!--no-nodelay", options.nodelay,
               "TCP_NODELAY, so that a small answer leaves at once (on)")
      ->group("Connections");
  app.add_flag("--cork", options.cork,
               "TCP_CORK while answers are written: only full segments until the last byte")
      ->group("Connections");
  app.add_option("--frame-timeout", raw.frame_timeout,
                 "Most time from the first byte of a request to its last; 0: no limit")
      ->capture_default_str()
      ->type_name("SECONDS")
      ->group("Connections");
  app.add_option("--idle-timeout", raw.idle_timeout,
                 "End a connection on which no byte has moved for this long, and no request is "
                 "half read; 0: never")
      ->capture_default_str()
      ->type_name("SECONDS")
      ->group("Connections");
  app.add_option("--drain-timeout", raw.drain_timeout,
                 "Most time for the answers in progress once told to stop")
      ->capture_default_str()
      ->type_name("SECONDS")
      ->group("Connections");
}

void declare_reporting(CLI::App& app, Raw& raw, Options& options) {
  app.add_option("--port-file", options.port_file,
                 "Write the ports here, one a line in the order of --listen, once all are open; "
                 "removed at the end")
      ->check([](const std::string& path) {
        return path.empty() ? std::string("the name is empty") : std::string{};
      })
      ->type_name("PATH")
      ->group("Reporting");
  app.add_option("--log-level", options.log_level, "What is logged on stderr")
      ->check(CLI::IsMember({"debug", "info", "warn", "error", "off"}))
      ->capture_default_str()
      ->type_name("debug|info|warn|error|off")
      ->group("Reporting");
  app.add_option("--log-format", raw.log_format, "text: key=value pairs; json: one object a line")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str()
      ->type_name("text|json")
      ->group("Reporting");
  app.add_flag("--quiet", raw.quiet, "The same as --log-level error")->group("Reporting");
}

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

std::expected<void, Exit> use_dialect(const Raw& raw, std::uint64_t payload_max, Options& options) {
  auto dialect = load_dialect(raw.dialect);
  if (!dialect) {
    return std::unexpected(Exit{.text = "--dialect: " + to_string(dialect.error())});
  }
  options.dialect = *std::move(dialect);
  options.payload_size_max = std::min(payload_max, options.dialect.payload_size_max);
  const bool raw_requests = raw.request.empty() ? options.dialect.requests == RequestFraming::kRaw
                                                : kFramings.at(raw.request) == Framing::kRaw;
  options.requests = raw_requests ? Framing::kRaw : Framing::kFramed;
  options.replies = kFramings.at(raw.reply);
  return {};
}

std::expected<void, Exit> use_durations(const Raw& raw, Options& options) {
  struct Duration {
    const char* option;
    const std::string& text;
    Seconds& into;
  };
  for (const Duration& duration :
       {Duration{"--frame-timeout", raw.frame_timeout, options.frame_timeout},
        Duration{"--idle-timeout", raw.idle_timeout, options.idle_timeout},
        Duration{"--drain-timeout", raw.drain_timeout, options.drain_timeout},
        Duration{"--exec-timeout", raw.exec_timeout, options.exec_timeout}}) {
    const auto value = parse_seconds(duration.text);
    if (!value) {
      return std::unexpected(Exit{.text = fmt::format("{}: {}", duration.option, value.error())});
    }
    duration.into = *value;
  }
  return {};
}

std::expected<Options, Exit> check(const Raw& raw, Options options) {
  for (const std::string& text : raw.listen) {
    auto address = parse_listen_address(text);
    if (!address) return std::unexpected(Exit{.text = address.error()});
    options.listen.push_back(*std::move(address));
  }
  if (raw.quiet) options.log_level = "error";
  options.log_format = raw.log_format == "json" ? LogFormat::kJson : LogFormat::kText;
  options.md5 = kMd5Policies.at(raw.md5);

  if (const auto used = use_durations(raw, options); !used) return std::unexpected(used.error());
  const auto payload_max = parse_byte_count(raw.payload_max);
  if (!payload_max) {
    return std::unexpected(Exit{.text = "--max-payload: " + payload_max.error()});
  }
  const auto output_max = parse_byte_count(raw.exec_output_max);
  if (!output_max) {
    return std::unexpected(Exit{.text = "--exec-output-max: " + output_max.error()});
  }
  options.exec_output_size_max = *output_max;
  if (const auto used = use_service(raw.service, options); !used) {
    return std::unexpected(used.error());
  }
  if (const auto used = use_dialect(raw, *payload_max, options); !used) {
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
  CLI::App app(kDescription, "framespec-server");
  app.footer(kFooter);
  app.formatter(std::make_shared<HelpFormatter>());
  app.set_version_flag("--version", "framespec-server " FRAMESPEC_VERSION);
  Raw raw;
  Options options;
  declare_wire(app, raw);
  declare_service(app, raw, options);
  declare_connections(app, raw, options);
  declare_reporting(app, raw, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return std::unexpected(Exit{.code = kExitOk, .text = app.help(), .is_answer = true});
  } catch (const CLI::CallForVersion& version) {
    return std::unexpected(Exit{.code = kExitOk, .text = version.what(), .is_answer = true});
  } catch (const CLI::ParseError& error) {
    return std::unexpected(Exit{.text = fmt::format("{}; see --help", error.what())});
  }
  return check(raw, std::move(options));
}

}  // namespace framespec::server
