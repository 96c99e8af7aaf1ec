#include "command_line.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "help_formatter.h"

namespace framespec::server {
namespace {

constexpr const char* kDescription =
    "framespec-server: a framed TCP server that answers every request it can read.";

constexpr const char* kFooter = R"(Examples:
  An echo server for a client under test, on a free port that is printed
  and written to a file:
    framespec-server --listen 127.0.0.1:0 --dialect int64 \
                     --port-file /tmp/port
  The same with every reply cut inside its prefix:
    framespec-server --listen 127.0.0.1:0 --dialect int64 \
                     --reply-segmentation cut_at-3
  Serve a folder, each reply with its JSON header:
    framespec-server --listen [::1]:9000 --dialect json \
                     --service file:/srv/data
  A remote command for clients that send requests unframed, and read a
  JSON header:
    framespec-server --listen 127.0.0.1:9000 --dialect json \
                     --request raw --service exec \
                     --exec-allow 'df -h' --exec-allow-program ls
  No framing at all, upper-cased:
    framespec-server --listen unix:/tmp/s --request raw --reply raw \
                     --service upper

Stops on SIGTERM, SIGINT, SIGQUIT or SIGHUP (unless that is ignored, as by
nohup): takes no new connection, finishes the answers in progress within
--drain-timeout, and ends; a second signal ends it at once.

Exit codes:
  0  stopped as asked
  2  the command line, or a dialect, folder or port file that it names,
     is wrong
  3  an address is in use or not available, or the system refused
     something the server needs)";

// What a check of a value that must say something gives: a sentence, or nothing.
std::string refuse_blank(const std::string& value) {
  const bool is_blank = value.find_first_not_of(" \t\r\n") == std::string::npos;
  return is_blank ? "it names nothing" : "";
}

void declare_wire(CLI::App& app, WrittenOptions& written) {
  app.add_option("--listen", written.listen,
                 "Where to listen: HOST:PORT, [IPV6]:PORT or unix:PATH. Port 0 takes a free one. "
                 "May be given several times")
      ->required()
      ->allow_extra_args(false)
      ->type_name("ADDRESS")
      ->group("Wire");
  app.add_option("--dialect", written.dialect, "How frames look: the name of a dialect, or a file")
      ->capture_default_str()
      ->type_name("NAME|FILE")
      ->group("Wire");
  app.add_option("--request", written.request,
                 "Whether requests are framed, or each receive is one (as the dialect says)")
      ->check(CLI::IsMember({"framed", "raw"}))
      ->type_name("framed|raw")
      ->group("Wire");
  app.add_option("--reply", written.reply, "Whether replies are framed")
      ->check(CLI::IsMember({"framed", "raw"}))
      ->capture_default_str()
      ->type_name("framed|raw")
      ->group("Wire");
  app.add_option(
         "--reply-segmentation", written.reply_segmentation,
         "Cut and join replies, to try a client by hand. whole, cut_at-N, cuts-N-M, chunk-N, "
         "byte_by_byte or random-SEED: each reply. coalesced-N (N replies in a send) or "
         "straddled: those to requests that come within 50 ms. Each segment is a send of its "
         "own, 1 ms behind the one before: paced, not proven (for proof there is framespec "
         "run --client). Only the first 64 KiB are cut")
      ->type_name("NAME")
      ->group("Wire");
  app.add_option("--max-payload", written.payload_max,
                 "Largest payload of a request, inclusive; K, M and G are understood. With raw "
                 "requests the most that one receive takes")
      ->capture_default_str()
      ->type_name("BYTES")
      ->group("Wire");
  app.add_option("--md5", written.md5,
                 "What a request whose md5 is wrong leads to: the end of its connection (verify), "
                 "a line in the log (warn), or nothing (ignore)")
      ->check(CLI::IsMember({"verify", "warn", "ignore"}))
      ->capture_default_str()
      ->type_name("verify|warn|ignore")
      ->group("Wire");
}

void declare_service(CLI::App& app, WrittenOptions& written, Options& options) {
  app.add_option(
         "--service", written.service,
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
  app.add_option("--exec-timeout", written.exec_timeout,
                 "Kill a command, and all that it started, after this time; 0: never")
      ->capture_default_str()
      ->type_name("SECONDS")
      ->group("Service");
  app.add_option("--exec-output-max", written.exec_output_max,
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

void declare_connections(CLI::App& app, WrittenOptions& written, Options& options) {
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
  app.add_option("--frame-timeout", written.frame_timeout,
                 "Most time from the first byte of a request to its last; 0: no limit")
      ->capture_default_str()
      ->type_name("SECONDS")
      ->group("Connections");
  app.add_option("--idle-timeout", written.idle_timeout,
                 "End a connection on which no byte has moved for this long, and no request is "
                 "half read; 0: never")
      ->capture_default_str()
      ->type_name("SECONDS")
      ->group("Connections");
  app.add_option("--drain-timeout", written.drain_timeout,
                 "Most time for the answers in progress once told to stop")
      ->capture_default_str()
      ->type_name("SECONDS")
      ->group("Connections");
}

void declare_reporting(CLI::App& app, WrittenOptions& written, Options& options) {
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
  app.add_option("--log-format", written.log_format,
                 "text: key=value pairs; json: one object a line")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str()
      ->type_name("text|json")
      ->group("Reporting");
  app.add_flag("--quiet", written.quiet, "The same as --log-level error")->group("Reporting");
}

}  // namespace

void declare_command_line(CLI::App& app, WrittenOptions& written, Options& options) {
  app.description(kDescription);
  app.footer(kFooter);
  app.formatter(std::make_shared<HelpFormatter>());
  app.set_version_flag("--version", "framespec-server " FRAMESPEC_VERSION);
  declare_wire(app, written);
  declare_service(app, written, options);
  declare_connections(app, written, options);
  declare_reporting(app, written, options);
}

}  // namespace framespec::server
