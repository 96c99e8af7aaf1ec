#include "bench/cli/cli.h"
#include "described_program.h"

namespace framespec::manual {

Program described_program() {
  CLI::App app("", "framespec-bench");
  bench::WrittenCommands written;
  declare_command_line(app, written);
  const Values files{.words = {}, .files = true};
  return describe(
      app, {{"a", files}, {"b", files}, {"program", files}, {"history", files}, {"files", files}});
}

}  // namespace framespec::manual
