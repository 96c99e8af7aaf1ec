// `framespec show`: plays a phenomenon of TCP on loopback, and draws what was seen of it.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace framespec::conformance {

struct ShowCommand {
  std::string phenomenon;  ///< its name, or nothing: all are listed
  std::string pcap_file;   ///< of its packets, or nothing
};

void add_show(CLI::App& app, ShowCommand& command);

/// Exit code: 0 shown, or listed; 2 where the capture cannot be written; 3 where it was not seen on
/// this machine, or could not be played, or its packets not be captured.
[[nodiscard]] int show(const ShowCommand& command);

}  // namespace framespec::conformance
