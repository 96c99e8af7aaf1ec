// The user's wish that it ends.
#pragma once

namespace framespec::bench {

/// From now on SIGINT, SIGTERM and SIGHUP end loads and waiting for children with the error
/// "interrupted", so that whoever started or made something removes it.
void end_on_signals();
[[nodiscard]] bool is_interrupted();

}  // namespace framespec::bench
