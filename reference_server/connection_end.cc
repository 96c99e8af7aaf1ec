#include "connection_end.h"

namespace framespec::server {

std::string_view name_of(EndKind kind) noexcept {
  switch (kind) {
    case EndKind::kClean:
      return "clean";
    case EndKind::kProtocolError:
      return "protocol_error";
    case EndKind::kNoAnswer:
      return "no_answer";
    case EndKind::kFrameTimeout:
      return "frame_timeout";
    case EndKind::kIdleTimeout:
      return "idle_timeout";
    case EndKind::kDrained:
      return "drained";
    case EndKind::kReset:
      return "reset";
    case EndKind::kAborted:
      return "aborted";
  }
  return "unknown";
}

}  // namespace framespec::server
