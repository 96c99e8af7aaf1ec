#include "described_program.h"
#include "runner_description.h"

namespace framespec::manual {

Program described_program() { return runner_description(); }

}  // namespace framespec::manual
