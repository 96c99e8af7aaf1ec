#include "cli/dissector_command.h"

#include <fmt/format.h>

#include "cli/exit.h"
#include "cli/option_checks.h"
#include "framespec/dialect.h"
#include "outputs/dissector_lua.h"

namespace framespec::conformance {

void add_dissector(CLI::App& app, DissectorCommand& command) {
  CLI::App* const dissector = app.add_subcommand(
      "dissector",
      "Make a dissector for Wireshark from a dialect: a Lua script on standard output");
  dissector->add_option("dialect", command.dialect, "A name such as int32, or a dialect file")
      ->check(not_empty())
      ->type_name("NAME|FILE")
      ->required();
  dissector->footer(
      "It puts frames together from TCP segments, shows their parts under the names of SPEC.md, "
      "and\n"
      "each error as expert information with its rule:\n"
      "  framespec dissector int32 > int32.lua\n"
      "  tshark -X lua_script:int32.lua -d tcp.port==7000,framespec_int32 \\\n"
      "         -r capture.pcapng -V\n"
      "docs/wireshark.md tells of it.");
}

int print_dissector(const DissectorCommand& command) {
  const auto dialect = load_dialect(command.dialect);
  if (!dialect) return fail(kExitUsage, to_string(dialect.error()));
  fmt::print("{}", dissector_lua(*dialect, FRAMESPEC_VERSION));
  return 0;
}

}  // namespace framespec::conformance
