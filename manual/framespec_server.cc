#include "described_program.h"
#include "reference_server/command_line.h"

namespace framespec::manual {

Program described_program() {
  CLI::App app("", "framespec-server");
  server::WrittenOptions written;
  server::Options options;
  declare_command_line(app, written, options);
  return describe(app, {{"--dialect", dialects()},
                        {"--reply-segmentation",
                         {.words = {"whole", "cut_at-1", "chunk-1", "byte_by_byte", "random-1",
                                    "coalesced-2", "straddled"}}},
                        {"--service", {.words = {"echo", "upper", "exec", "file:"}}}});
}

}  // namespace framespec::manual
