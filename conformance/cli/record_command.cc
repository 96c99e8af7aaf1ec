#include "cli/record_command.h"

#include <fmt/format.h>

#include <cstdio>
#include <expected>
#include <limits>
#include <optional>
#include <utility>

#include "cli/exit.h"
#include "cli/interruption.h"
#include "cli/option_checks.h"
#include "framespec/printable.h"
#include "recording/proxy.h"
#include "report/output_place.h"
#include "report/report_file.h"

namespace framespec::conformance {
namespace {

constexpr const char* kRecordFooter =
    "One of --listen with --to, --stream and --capture says where the conversation is. A "
    "recording\n"
    "is a replay file; what a client sends before an answer comes is one request. At most 64 MiB\n"
    "are recorded.\n"
    "\n"
    "The proxy says on standard error where it listens, and writes when the connection has ended,\n"
    "or on Ctrl-C or SIGTERM. Captures are read with tshark (Debian package tshark).\n"
    "\n"
    "Exit codes: 0 recorded, 2 usage or a file that is wrong, 3 nothing was recorded, or a "
    "service\n"
    "or tshark did not work. docs/recording.md tells how.\n"
    "\n"
    "Examples:\n"
    "  framespec record --listen [::1]:7000 --to [::1]:6379 -o talk.ndjson\n"
    "  framespec record --capture talk.pcapng --flow 'tcp.port == 6379' \\\n"
    "                   -o talk.ndjson\n"
    "  printf 'PING\\r\\n' | framespec record --stream - -o ping.ndjson";

std::expected<Replay, RecordError> through_proxy(const RecordCommand& command) {
  const auto wrong = [](const char* option, const std::string& why) {
    return std::unexpected(RecordError{.sentence = fmt::format("{}: {}", option, why)});
  };
  auto listen = Endpoint::parse_to_listen(command.listen);
  if (!listen) return wrong("--listen", listen.error());
  auto service = Endpoint::parse(command.service);
  if (!service) return wrong("--to", service.error());
  auto conversation = record_through_proxy({.listen = std::move(*listen),
                                            .service = std::move(*service),
                                            .connection = command.connection,
                                            .cancelled = command.source.cancelled,
                                            .tell = command.source.tell});
  if (!conversation) return std::unexpected(std::move(conversation.error()));
  return std::move(*conversation).to_replay("a conversation with " + command.service);
}

int fail_with(const RecordError& error) {
  const int exit_code =
      fail(error.kind == RecordError::Kind::kInput ? kExitUsage : kExitCannotWork, error.sentence);
  for (const std::string& choice : error.choices) {
    fmt::print(stderr, "  {}\n", printable(choice));
  }
  return exit_code;
}

}  // namespace

void tell(const std::string& sentence) {
  fmt::print(stderr, "framespec: {}\n", printable(sentence));
}

std::array<CLI::Option*, 2> add_conversation_files(CLI::App& app, std::string& stream,
                                                   std::string& capture, std::string& flow) {
  CLI::Option* const of_stream =
      app.add_option("--stream", stream,
                     "The raw bytes that a client sent, in a file; - is standard input")
          ->check(not_empty())
          ->type_name("FILE|-");
  CLI::Option* const of_capture =
      app.add_option("--capture", capture,
                     "A packet capture with one TCP conversation (pcap, pcapng)")
          ->check(not_empty())
          ->type_name("FILE")
          ->excludes(of_stream);
  app.add_option("--flow", flow,
                 "Which conversation of the capture, if there are more: a display filter of\n"
                 "Wireshark's that matches packets of one alone")
      ->check(not_empty())
      ->type_name("FILTER")
      ->needs(of_capture);
  return {of_stream, of_capture};
}

void add_record(CLI::App& app, RecordCommand& command) {
  CLI::App* const record =
      app.add_subcommand("record", "Record a conversation of a client with a service");
  CLI::Option* const listen =
      record
          ->add_option("--listen", command.listen,
                       "Where the client connects instead of to the service: every connection is\n"
                       "passed on to it. Port 0 is any that is free")
          ->check(not_empty())
          ->type_name("HOST:PORT");
  record->add_option("--to", command.service, "The service")
      ->check(not_empty())
      ->type_name("HOST:PORT|unix:PATH")
      ->needs(listen);
  record
      ->add_option("--connection", command.connection,
                   "Which connection is recorded, counted as they come")
      ->check(whole_number(1, std::numeric_limits<std::uint64_t>::max()))
      ->type_name("N")
      ->needs(listen)
      ->capture_default_str();
  add_conversation_files(*record, command.source.stream, command.source.capture,
                         command.source.flow);
  record
      ->add_option(
          "-o,--output", command.output,
          "The recording: in place when it is whole, also of an older file; - is standard\n"
          "output")
      ->check(not_empty())
      ->type_name("FILE|-")
      ->required();
  record
      ->add_option("--title", command.title, "What it is, in words; without it where it comes from")
      ->check(not_empty())
      ->type_name("TEXT");
  record->footer(kRecordFooter);
}

void check_record(const RecordCommand& command) {
  const RecordingSource& source = command.source;
  const int given = static_cast<int>(command.is_proxy()) +
                    static_cast<int>(!source.stream.empty()) +
                    static_cast<int>(!source.capture.empty());
  if (given != 1) {
    throw CLI::ValidationError("record",
                               "needs one of --listen HOST:PORT with --to HOST:PORT, --stream FILE "
                               "and --capture FILE");
  }
  if (command.is_proxy() && command.service.empty()) {
    throw CLI::ValidationError("record", "--listen needs --to HOST:PORT or unix:PATH");
  }
}

int record(RecordCommand command) {
  for (const std::string& input : {command.source.stream, command.source.capture}) {
    if (input.empty() || input == "-" || !is_one_place(input, command.output)) continue;
    return fail(kExitUsage, "-o names the file that is read, which it would replace");
  }
  command.source.cancelled = &watch_for_interruption();
  command.source.tell = tell;
  std::optional<ReportFile> output;
  if (command.output != "-") {
    auto file = ReportFile::create(command.output, "the recording");
    if (!file) return fail(kExitUsage, "-o: " + file.error());
    output.emplace(std::move(*file));
  }
  auto replay = command.is_proxy() ? through_proxy(command) : read_recording(command.source);
  if (!replay) return fail_with(replay.error());
  if (!command.title.empty()) replay->title = command.title;
  replay->origin.tool = std::string("framespec ") + FRAMESPEC_VERSION;
  const std::string text = to_ndjson(*replay);
  if (!output) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    return 0;
  }
  if (auto written = output->commit(text); !written) return fail(kExitCannotWork, written.error());
  return 0;
}

}  // namespace framespec::conformance
