#include "command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string_view>

#include "framespec/shortened.h"
#include "option_values.h"

namespace framespec::client {

namespace {

constexpr std::string_view kDescription =
    "Talks to a server of length-prefixed frames over TCP or a Unix socket.\n"
    "ADDRESS is HOST:PORT, [IPV6]:PORT or unix:PATH. Options may stand before or after the "
    "subcommand;\n"
    "`framespec-client send --help` (and so on) shows those of a subcommand.";

constexpr std::string_view kFooter = R"(
Examples:
  framespec-client localhost:7000 --dialect int32 send hello world
  seq 100000 | framespec-client localhost:7000 --dialect int32be \
    send --expect-echo --quiet
  framespec-client localhost:7000 --dialect json get film.mkv -o film.mkv
  framespec-client localhost:7000 --dialect json --request raw \
    --md5 warn exec 'ls -l'
  framespec-client [::1]:7000 --dialect my_protocol.json prompt
  framespec-client unix:/run/echo --request raw --reply raw send hello

Exit codes:
  0    all that was asked for was done
  1    a finding: the server broke the protocol, sent a wrong md5, or
       closed inside a reply
  2    the command line, a dialect file or an output path is not usable
  3    the network, the disk or a time limit did not let it be done
  130  Ctrl-C (the process ends by the signal; `get` has removed its
       temporary file)
)";

constexpr std::string_view kSendHelp =
    "Send each TEXT, each file and each line of standard input as a\n"
    "frame, and print the replies. Without TEXT and --file the lines of\n"
    "standard input are sent. Replies are read while requests are still\n"
    "being written.";

constexpr std::string_view kExecHelp =
    "Send COMMAND as one request and print the reply, byte for byte.";

constexpr std::string_view kGetHelp =
    "Ask for FILE and store the reply: streamed to a temporary file\n"
    "beside the target, which takes the target's name once its size and\n"
    "md5 (where the dialect has one) are right.";

constexpr std::string_view kPromptHelp =
    "Read a line, send it, print the reply; over and over. `quit`, `exit`\n"
    "or the end of input ends. Empty lines are skipped.";

const std::map<std::string, Framing> kFramings{{"framed", Framing::kFramed},
                                               {"raw", Framing::kRaw}};
const std::map<std::string, DigestPolicy> kDigestPolicies{{"verify", DigestPolicy::kVerify},
                                                          {"warn", DigestPolicy::kWarn},
                                                          {"ignore", DigestPolicy::kIgnore}};
const std::map<std::string, OutputFormat> kOutputFormats{{"text", OutputFormat::kText},
                                                         {"raw", OutputFormat::kRaw},
                                                         {"hex", OutputFormat::kHex},
                                                         {"json", OutputFormat::kJson}};

// A name, as CLI11 would otherwise also take and show the numbers behind the names.
template <typename Enum>
CLI::Option* add_choice(CLI::App& app, const std::string& option,
                        const std::map<std::string, Enum>& names,
                        const std::function<void(Enum)>& assign, const std::string& description) {
  std::string allowed;
  for (const auto& [name, value] : names) {
    allowed += (allowed.empty() ? "" : "|") + name;
  }
  const auto check = [names, allowed](const std::string& text) {
    return names.contains(text) ? std::string()
                                : fmt::format("'{}' is not one of {}", shortened(text), allowed);
  };
  return app
      .add_option_function<std::string>(
          option, [names, assign](const std::string& text) { assign(names.at(text)); }, description)
      ->check(CLI::Validator(check, ""))
      ->type_name(allowed);
}

// Judged by us: CLI11 itself wraps what is negative or too large, and takes NaN for a number.
template <typename Value>
CLI::Option* add_value(CLI::App& app, const std::string& option,
                       std::expected<Value, std::string> (*parse)(std::string_view),
                       const std::function<void(Value)>& assign, const std::string& description) {
  const auto check = [parse](const std::string& text) {
    const auto value = parse(text);
    return value ? std::string() : value.error();
  };
  return app
      .add_option_function<std::string>(
          option, [parse, assign](const std::string& text) { assign(*parse(text)); }, description)
      ->check(CLI::Validator(check, ""));
}

void add_wire_options(CLI::App& app, WrittenOptions& written, Options& options) {
  // Not required() for CLI11, which would then take a subcommand for the address.
  app.add_option("address", written.address, "HOST:PORT, [IPV6]:PORT or unix:PATH")
      ->type_name("ADDRESS");
  app.add_option("-d,--dialect", written.dialect,
                 "How a frame looks: a name (int32, int64, json, int32be,\n"
                 "int64be, uint16be, varint, ...) or a dialect file")
      ->type_name("NAME|FILE");
  add_choice<Framing>(
      app, "--request", kFramings, [&](Framing framing) { written.request = framing; },
      "Whether requests are framed (default: as the dialect says)\n"
      "or their bytes alone; raw ones wait for each other's replies");
  add_choice<Framing>(
      app, "--reply", kFramings, [&](Framing framing) { written.reply = framing; },
      "Whether replies are framed (default), or bytes without\n"
      "boundaries");
  app.add_flag("--no-half-close", written.no_half_close,
               "Do not close the sending side after the last request: a raw\n"
               "reply to it is then what comes first, and `get` and\n"
               "--expect-echo do not wait for the end");
  add_value<std::uint64_t>(
      app, "--max-payload", parse_byte_count,
      [&](std::uint64_t size) { written.payload_size_max = size; },
      "Largest payload accepted in a reply: bytes, or with a K, M\n"
      "or G of 1024s")
      ->type_name("SIZE");
  add_choice<DigestPolicy>(
      app, "--md5", kDigestPolicies, [&](DigestPolicy policy) { options.digest = policy; },
      "What to do with a payload other than the md5 of its header\n"
      "says: a finding (verify, the default), a warning, nothing");
}

void add_run_options(CLI::App& app, WrittenOptions& written, Options& options) {
  add_value<double>(
      app, "--connect-timeout", parse_seconds,
      [&](double seconds) { written.connect_timeout_s = seconds; },
      "Longest wait for the host's address and the connection\n"
      "(default 10; 0: no limit)")
      ->type_name("SECONDS");
  add_value<double>(
      app, "--timeout", parse_seconds, [&](double seconds) { written.timeout_s = seconds; },
      "Longest silence of the server while a reply is due (default\n"
      "60; 0: no limit)")
      ->type_name("SECONDS");
  app.add_flag("--no-nodelay", written.no_nodelay,
               "Leave Nagle's algorithm on: do not set TCP_NODELAY");
  app.add_flag("-q,--quiet", options.quiet, "Show only replies, warnings and errors");
  app.add_flag("-v,--verbose", options.verbose, "Say what is sent and received");
  app.add_flag("--no-color", written.no_color, "Do not colour messages on a terminal");
}

void add_send(CLI::App& app, Options& options, const std::shared_ptr<SendOptions>& send) {
  CLI::App* const sub = app.add_subcommand("send", std::string(kSendHelp));
  sub->fallthrough();
  sub->add_option("text", send->texts, "Payloads; after -- also those that start with a dash")
      ->type_name("TEXT");
  sub->add_option("-f,--file", send->files, "The content of a file as one payload; may be repeated")
      ->check(CLI::Validator(CLI::ExistingFile).description(""))
      ->expected(1)
      ->take_all()
      ->type_name("PATH");
  sub->add_flag("-l,--lines", send->lines, "Also send the lines of standard input");
  add_choice<OutputFormat>(
      *sub, "--output", kOutputFormats, [send](OutputFormat format) { send->output = format; },
      "How replies are printed: one a line (text, the default),\n"
      "bytes with nothing between (raw), hexadecimal digits (hex),\n"
      "or one JSON object a line (json)");
  sub->add_flag("-e,--expect-echo", send->expect_echo,
                "A reply other than its request is a finding, and so is\n"
                "anything behind the last");
  sub->add_flag("--no-reply", send->no_reply,
                "The server answers nothing: send all, close the sending\n"
                "side, wait for the server to close");
  sub->add_option("--in-flight", send->in_flight_max,
                  "Most messages sent and not yet answered (default 1024, or 1\n"
                  "where requests or replies are raw)")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000}).description(""))
      ->type_name("N");
  sub->callback([&options, send] { options.command = *send; });
}

void add_exec(CLI::App& app, Options& options, const std::shared_ptr<ExecOptions>& exec) {
  CLI::App* const sub = app.add_subcommand("exec", std::string(kExecHelp));
  sub->fallthrough();
  sub->add_option("command", exec->command, "The command, quoted so that it is one argument")
      ->type_name("COMMAND");
  sub->callback([&options, exec] { options.command = *exec; });
}

void add_get(CLI::App& app, Options& options, const std::shared_ptr<GetOptions>& get) {
  CLI::App* const sub = app.add_subcommand("get", std::string(kGetHelp));
  sub->fallthrough();
  sub->add_option("file", get->file, "The file's name, as the server knows it")->type_name("FILE");
  sub->add_option("-o,--output", get->output,
                  "Where to store it: a file, a folder, or - for standard\n"
                  "output (default: under the last part of FILE, here); a\n"
                  "pipe or device is written to, and stays")
      ->type_name("PATH");
  sub->add_flag("--force", get->force, "Replace a file that is already there");
  sub->callback([&options, get] { options.command = *get; });
}

void add_prompt(CLI::App& app, Options& options) {
  CLI::App* const sub = app.add_subcommand("prompt", std::string(kPromptHelp));
  sub->fallthrough();
  sub->callback([&options] { options.command = PromptOptions{}; });
}

}  // namespace

void declare_command_line(CLI::App& app, WrittenOptions& written, Options& options) {
  app.description(std::string(kDescription));
  app.footer(std::string(kFooter));
  app.set_version_flag("--version", "framespec-client " FRAMESPEC_VERSION);
  app.require_subcommand(1);
  constexpr std::size_t kOptionColumn = 30;
  app.get_formatter()->column_width(kOptionColumn);
  add_wire_options(app, written, options);
  add_run_options(app, written, options);
  add_send(app, options, std::make_shared<SendOptions>());
  add_exec(app, options, std::make_shared<ExecOptions>());
  add_get(app, options, std::make_shared<GetOptions>());
  add_prompt(app, options);
}

}  // namespace framespec::client
