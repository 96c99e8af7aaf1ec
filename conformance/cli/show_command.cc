#include "cli/show_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "cli/exit.h"
#include "cli/interruption.h"
#include "cli/option_checks.h"
#include "cli/record_command.h"
#include "os/loopback_capture.h"
#include "os/private_network.h"
#include "outputs/phenomenon_capture.h"
#include "phenomena/phenomenon.h"
#include "report/phenomenon_text.h"
#include "report/report_file.h"

namespace framespec::conformance {
namespace {

constexpr const char* kShowFooter =
    "It is played for real, over connections of this process with itself: the figures are those "
    "of\n"
    "this machine, now. For --pcap the packets are captured as they go, in a network namespace of\n"
    "its own if it can have one: this takes CAP_SYS_ADMIN, or CAP_NET_RAW, or a kernel that lets\n"
    "everybody make user namespaces.\n"
    "\n"
    "Exit codes: 0 shown, 2 usage, 3 not seen on this machine, or it could not be played.\n"
    "docs/phenomena.md tells of each.";

/// In a network of our own, so that nobody else's packets are among them; else on that of the
/// machine, for whoever may see all of it; else with all the rights of a user namespace.
std::expected<std::unique_ptr<os::LoopbackCapture>, std::string> begin_capture() {
  const auto entered = os::enter_private_network(os::NetworkRight::kOwn);
  auto capture = os::LoopbackCapture::begin();
  if (capture || entered) return capture;
  if (const auto own = os::enter_private_network(os::NetworkRight::kUserNamespace); !own) {
    return std::unexpected(
        fmt::format("{}; nor does this machine let everybody have a network ({})", capture.error(),
                    own.error()));
  }
  return os::LoopbackCapture::begin();
}

int play_and_draw(const phenomena::Phenomenon& phenomenon, const ShowCommand& command) {
  const auto& interrupted = watch_for_interruption();
  std::optional<ReportFile> file;
  std::unique_ptr<os::LoopbackCapture> capture;
  if (!command.pcap_file.empty()) {
    auto created = ReportFile::create(command.pcap_file, "the capture");
    if (!created) return fail(kExitUsage, "--pcap: " + created.error());
    file.emplace(std::move(*created));
    auto begun = begin_capture();
    if (!begun) return fail(kExitCannotWork, "--pcap: " + begun.error());
    capture = std::move(*begun);
  }
  const auto played = phenomena::play(phenomenon.name, interrupted);
  if (!played) return fail(kExitCannotWork, phenomenon.name + ": " + played.error());
  fmt::print("{}", phenomenon_text(phenomenon, *played, Style::of(STDOUT_FILENO)));
  if (file) {
    auto packets = capture->end();
    const std::string content =
        phenomenon_capture(phenomenon, *played, std::move(packets), capture->lost(),
                           std::string("framespec ") + FRAMESPEC_VERSION);
    if (auto written = file->commit(content); !written) {
      return fail(kExitCannotWork, written.error());
    }
    tell("capture: " + command.pcap_file);
  }
  return played->is_shown ? 0 : kExitCannotWork;
}

}  // namespace

void add_show(CLI::App& app, ShowCommand& command) {
  CLI::App* const show = app.add_subcommand(
      "show", "Play a phenomenon of TCP on loopback, and draw what was seen of it");
  std::vector<std::string> names;
  for (const phenomena::Phenomenon& each : phenomena::all_phenomena()) names.push_back(each.name);
  CLI::Option* const name =
      show->add_option("phenomenon", command.phenomenon, "Which one; without it all are listed")
          ->check(CLI::IsMember(names))
          ->type_name("PHENOMENON");
  show->add_option("--pcap", command.pcap_file,
                   "Write the packets with which it was played to this file, for Wireshark")
      ->check(not_empty())
      ->needs(name)
      ->type_name("FILE");
  show->footer(kShowFooter);
}

int show(const ShowCommand& command) {
  const auto all = phenomena::all_phenomena();
  if (command.phenomenon.empty()) {
    fmt::print("{}", phenomena_text(all, Style::of(STDOUT_FILENO)));
    return 0;
  }
  return play_and_draw(*std::ranges::find(all, command.phenomenon, &phenomena::Phenomenon::name),
                       command);
}

}  // namespace framespec::conformance
