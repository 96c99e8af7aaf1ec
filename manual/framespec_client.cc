#include "described_program.h"
#include "reference_client/command_line.h"

namespace framespec::manual {

Program described_program() {
  CLI::App app("", "framespec-client");
  client::WrittenOptions written;
  client::Options options;
  declare_command_line(app, written, options);
  // What is got is a file of the server's.
  return describe(app, {{"--dialect", dialects()}, {"file", {}}});
}

}  // namespace framespec::manual
