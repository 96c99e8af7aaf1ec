#include "options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

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
  seq 100000 | framespec-client localhost:7000 --dialect int32be send --expect-echo --quiet
  framespec-client localhost:7000 --dialect json get film.mkv -o film.mkv
  framespec-client localhost:7000 --dialect json --request raw --md5 warn exec 'ls -l'
  framespec-client [::1]:7000 --dialect my_protocol.json prompt
  framespec-client unix:/run/echo.sock --request raw --reply raw send hello

Exit codes:
  0    all that was asked for was done
  1    a finding: the server broke the protocol, sent a wrong md5, or closed inside a reply
  2    the command line, a dialect file or an output path is not usable
  3    the network, the disk or a time limit did not let it be done
  130  Ctrl-C (the process ends by the signal; `get` has removed its temporary file)
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

// As the options are written, before they are judged together.
struct Written {
  std::string address;
  std::string dialect;
  std::optional<Framing> request;
  Framing reply = Framing::kFramed;
  double connect_timeout_s = 10;
  double timeout_s = 60;
  std::optional<std::uint64_t> payload_size_max;
  std::vector<std::string> after_dashes;  // everything behind a lone --
  bool no_half_close = false;
  bool no_color = false;
};

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
                        const std::map<std::string, Enum>& names, std::function<void(Enum)> assign,
                        const std::string& description) {
  std::string allowed;
  for (const auto& [name, value] : names) {
    allowed += (allowed.empty() ? "" : "|") + name;
  }
  const auto check = [names, allowed](const std::string& text) {
    return names.contains(text) ? std::string()
                                : fmt::format("'{}' is not one of {}", text, allowed);
  };
  return app
      .add_option_function<std::string>(
          option, [names, assign](const std::string& text) { assign(names.at(text)); }, description)
      ->check(CLI::Validator(check, ""))
      ->type_name(allowed);
}

constexpr double kTimeoutMax_s = 1e9;

void add_wire_options(CLI::App& app, Written& written, Options& options) {
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
               "With raw replies: do not close the sending side after the\n"
               "last request, and take for its reply what comes first");
  app.add_option("--max-payload", written.payload_size_max,
                 "Largest payload accepted in a reply: bytes, or with a K, M\n"
                 "or G of 1024s")
      ->transform(CLI::AsSizeValue(false).description(""))
      ->type_name("SIZE");
  add_choice<DigestPolicy>(
      app, "--md5", kDigestPolicies, [&](DigestPolicy policy) { options.digest = policy; },
      "What to do with a payload other than the md5 of its header\n"
      "says: a finding (verify, the default), a warning, nothing");
}

// CLI11's own Range takes NaN for a number of the range.
CLI::Validator seconds() {
  return {[](std::string& text) {
            double value = 0;
            const auto [end, error] =
                std::from_chars(text.data(), text.data() + text.size(), value);
            const bool is_good = error == std::errc{} && end == text.data() + text.size() &&
                                 value >= 0 && value <= kTimeoutMax_s;
            return is_good ? std::string{}
                           : fmt::format("'{}' is not a number of seconds from 0 to {:.0f}", text,
                                         kTimeoutMax_s);
          },
          ""};
}

void add_run_options(CLI::App& app, Written& written, Options& options) {
  app.add_option("--connect-timeout", written.connect_timeout_s,
                 "Longest wait for the connection (default 10; 0: no limit)")
      ->check(seconds())
      ->type_name("SECONDS");
  app.add_option("--timeout", written.timeout_s,
                 "Longest silence of the server while a reply is due (default\n"
                 "60; 0: no limit)")
      ->check(seconds())
      ->type_name("SECONDS");
  app.add_flag("--nodelay,!--no-nodelay", options.nodelay,
               "Set TCP_NODELAY (the default), or leave Nagle's algorithm on");
  app.add_flag("-q,--quiet", options.quiet, "Show only replies, warnings and errors");
  app.add_flag("-v,--verbose", options.verbose, "Say what is sent and received");
  app.add_flag("--no-color", written.no_color, "Do not colour messages on a terminal");
}

void add_send(CLI::App& app, Options& options, std::shared_ptr<SendOptions> send) {
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
                "A reply other than its request is a finding");
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

void add_exec(CLI::App& app, Options& options, std::shared_ptr<ExecOptions> exec) {
  CLI::App* const sub = app.add_subcommand("exec", std::string(kExecHelp));
  sub->fallthrough();
  sub->add_option("command", exec->command, "The command, quoted so that it is one argument")
      ->type_name("COMMAND");
  sub->callback([&options, exec] { options.command = *exec; });
}

void add_get(CLI::App& app, Options& options, std::shared_ptr<GetOptions> get) {
  CLI::App* const sub = app.add_subcommand("get", std::string(kGetHelp));
  sub->fallthrough();
  sub->add_option("file", get->file, "The file's name, as the server knows it")->type_name("FILE");
  sub->add_option("-o,--output", get->output,
                  "Where to store it: a file, a folder, or - for standard\n"
                  "output (default: under the last part of FILE, here)")
      ->type_name("PATH");
  sub->add_flag("--force", get->force, "Replace a file that is already there");
  sub->callback([&options, get] { options.command = *get; });
}

std::chrono::milliseconds as_milliseconds(double seconds) {
  using std::chrono::milliseconds;
  if (seconds == 0) return milliseconds::zero();
  // Rounded up: the shortest wish must not turn into "no limit".
  return std::chrono::ceil<milliseconds>(std::chrono::duration<double>(seconds));
}

std::string known_dialects() {
  std::string names;
  for (const Dialect& dialect : shipped_dialects()) {
    names += (names.empty() ? "" : ", ") + dialect.name;
  }
  return names;
}

Result<void> use_dialect(const Written& written, Options& options) {
  if (written.dialect.empty()) {
    if (written.request == Framing::kRaw && written.reply == Framing::kRaw) return {};
    return usage("--dialect is missing: give the name of one (" + known_dialects() +
                 ") or a dialect file; it can be left out when requests and replies are both raw");
  }
  auto dialect = load_dialect(written.dialect);
  if (!dialect) {
    return usage("--dialect: " + to_string(dialect.error()));
  }
  options.dialect = *std::move(dialect);
  return {};
}

// One positional, before or behind the dashes.
Result<void> take_one(std::vector<std::string> more, std::string& into, std::string_view missing) {
  if (into.empty() && !more.empty()) {
    into = std::move(more.front());
    more.erase(more.begin());
  }
  if (into.empty()) return usage(std::string(missing));
  if (!more.empty()) return usage(fmt::format("'{}' is one argument too many", more.front()));
  return {};
}

// CLI11 takes a -- behind the first TEXT for the end of the subcommand, so that it never sees one.
Result<void> take_after_dashes(const std::vector<std::string>& more, Options& options) {
  if (auto* const send = std::get_if<SendOptions>(&options.command)) {
    send->texts.insert(send->texts.end(), more.begin(), more.end());
    return {};
  }
  if (auto* const exec = std::get_if<ExecOptions>(&options.command)) {
    return take_one(more, exec->command, "exec needs the command to send, quoted as one argument");
  }
  if (auto* const get = std::get_if<GetOptions>(&options.command)) {
    return take_one(more, get->file, "get needs the name of the file to ask for");
  }
  std::string unused = "prompt takes no argument";
  return take_one(more, unused, {});
}

Result<void> judge(const Written& written, Options& options) {
  if (written.address.empty()) {
    return usage("the server's address is missing; write HOST:PORT, [IPV6]:PORT or unix:PATH");
  }
  auto address = parse_address(written.address);
  if (!address) return std::unexpected(address.error());
  options.address = *std::move(address);
  if (auto used = use_dialect(written, options); !used) return used;

  const bool dialect_is_raw = options.dialect.requests == RequestFraming::kRaw;
  options.request = written.request.value_or(dialect_is_raw ? Framing::kRaw : Framing::kFramed);
  options.reply = written.reply;
  options.reply_dialect = options.dialect;
  if (written.payload_size_max) {
    auto limited = options.dialect.with_payload_limit(*written.payload_size_max);
    if (!limited) return usage("--max-payload: " + to_string(limited.error()));
    options.reply_dialect = *std::move(limited);
  }
  options.connect_timeout = as_milliseconds(written.connect_timeout_s);
  options.timeout = as_milliseconds(written.timeout_s);
  options.half_close = !written.no_half_close;
  options.color = !written.no_color;

  if (auto taken = take_after_dashes(written.after_dashes, options); !taken) return taken;
  if (std::holds_alternative<GetOptions>(options.command) && options.reply == Framing::kRaw) {
    return usage("get needs framed replies: of a raw one nobody can tell whether it is whole");
  }
  if (auto* const send = std::get_if<SendOptions>(&options.command)) {
    if (send->texts.empty() && send->files.empty()) send->lines = true;
    if (send->expect_echo && (options.reply == Framing::kRaw || send->no_reply)) {
      return usage("--expect-echo needs framed replies: raw ones cannot be told apart");
    }
    const bool one_by_one =
        send->output == OutputFormat::kHex || send->output == OutputFormat::kJson;
    if (one_by_one && options.reply == Framing::kRaw) {
      return usage("--output hex and json need framed replies: raw ones cannot be told apart");
    }
  }
  return {};
}

EarlyExit exit_for(const CLI::App& app, const CLI::ParseError& error) {
  if (dynamic_cast<const CLI::CallForHelp*>(&error) != nullptr) {
    return {0, app.help(), false};
  }
  if (error.get_exit_code() == 0) {
    return {0, std::string(error.what()) + "\n", false};
  }
  return {static_cast<int>(ExitCode::kUsage),
          fmt::format("framespec-client: error: {}\nRun framespec-client --help for the usage.\n",
                      error.what()),
          true};
}

}  // namespace

std::expected<Options, EarlyExit> parse_options(int argc, const char* const* argv) {
  Written written;
  Options options;
  CLI::App app{std::string(kDescription), "framespec-client"};
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
  CLI::App* const prompt = app.add_subcommand("prompt", std::string(kPromptHelp));
  prompt->fallthrough();
  prompt->callback([&options] { options.command = PromptOptions{}; });

  // CLI11 takes them last first.
  std::vector<std::string> arguments;
  for (int index = argc - 1; index > 0; --index) arguments.emplace_back(argv[index]);
  if (const auto dashes = std::find(arguments.rbegin(), arguments.rend(), "--");
      dashes != arguments.rend()) {
    written.after_dashes.assign(dashes + 1, arguments.rend());
    arguments.erase(arguments.begin(), dashes.base());
  }
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    return std::unexpected(exit_for(app, error));
  }
  if (auto judged = judge(written, options); !judged) {
    return std::unexpected(
        EarlyExit{static_cast<int>(judged.error().code),
                  fmt::format("framespec-client: error: {}\n", judged.error().message), true});
  }
  return options;
}

}  // namespace framespec::client
