// `framespec dissector`: makes a dissector for Wireshark from a dialect.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace framespec::conformance {

struct DissectorCommand {
  std::string dialect;  ///< a name, or a dialect file
};

void add_dissector(CLI::App& app, DissectorCommand& command);

/// Prints it. Exit code: 0, or 2 for a dialect that is none.
[[nodiscard]] int print_dissector(const DissectorCommand& command);

}  // namespace framespec::conformance
