#include "options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <utility>

#include "command_line.h"
#include "framespec/printable.h"
#include "framespec/shortened.h"
#include "request.h"

namespace framespec::client {

namespace {

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

Result<void> use_dialect(const WrittenOptions& written, Options& options) {
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
  if (!more.empty())
    return usage(fmt::format("'{}' is one argument too many", shortened(more.front())));
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

Result<void> judge(const WrittenOptions& written, Options& options) {
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
  if (options.request == Framing::kFramed) {
    // With the smallest payload; what a larger one needs, its own message says.
    if (auto room = check_header_room(options.dialect, kRequestFilename, 0); !room) {
      room.error().file = written.dialect;
      return usage("--dialect: " + to_string(room.error()));
    }
  }
  options.reply_dialect = options.dialect;
  if (written.payload_size_max) {
    auto limited = options.dialect.with_payload_limit(*written.payload_size_max);
    if (!limited) return usage("--max-payload: " + to_string(limited.error()));
    options.reply_dialect = *std::move(limited);
  }
  options.connect_timeout = as_milliseconds(written.connect_timeout_s);
  options.timeout = as_milliseconds(written.timeout_s);
  options.nodelay = !written.no_nodelay;
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

// What CLI11 says repeats arguments as they are, whole or from behind their `=` on.
std::string with_arguments_shortened(std::string text, const std::vector<std::string>& arguments) {
  for (const std::string& argument : arguments) {
    for (const std::string& value : {argument, argument.substr(argument.find('=') + 1)}) {
      if (value.size() <= kShownSizeMax) continue;
      const std::string shown = shortened(value);
      for (std::size_t at = text.find(value); at != std::string::npos;
           at = text.find(value, at + shown.size())) {
        text.replace(at, value.size(), shown);
      }
    }
  }
  return text;
}

EarlyExit exit_for(const CLI::App& app, const CLI::ParseError& error,
                   const std::vector<std::string>& arguments) {
  if (dynamic_cast<const CLI::CallForHelp*>(&error) != nullptr) {
    return {0, app.help(), false};
  }
  if (error.get_exit_code() == 0) {
    return {0, std::string(error.what()) + "\n", false};
  }
  return {static_cast<int>(ExitCode::kUsage),
          fmt::format("framespec-client: error: {}\nRun framespec-client --help for the usage.\n",
                      printable(with_arguments_shortened(error.what(), arguments))),
          true};
}

}  // namespace

std::expected<Options, EarlyExit> parse_options(int argc, const char* const* argv) {
  WrittenOptions written;
  Options options;
  CLI::App app{"", "framespec-client"};
  declare_command_line(app, written, options);

  // CLI11 takes them last first.
  std::vector<std::string> arguments;
  for (int index = argc - 1; index > 0; --index) arguments.emplace_back(argv[index]);
  if (const auto dashes = std::find(arguments.rbegin(), arguments.rend(), "--");
      dashes != arguments.rend()) {
    written.after_dashes.assign(dashes + 1, arguments.rend());
    arguments.erase(arguments.begin(), dashes.base());
  }
  try {
    app.parse(std::vector(arguments));
  } catch (const CLI::ParseError& error) {
    return std::unexpected(exit_for(app, error, arguments));
  }
  if (auto judged = judge(written, options); !judged) {
    return std::unexpected(EarlyExit{
        static_cast<int>(judged.error().code),
        fmt::format("framespec-client: error: {}\n", printable(judged.error().message)), true});
  }
  return options;
}

}  // namespace framespec::client
