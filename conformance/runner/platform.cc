#include "runner/platform.h"

#include <sys/utsname.h>

#include <thread>

namespace framespec::conformance {

Platform this_platform() {
  utsname names{};
  uname(&names);
  return {.system = names.sysname,
          .release = names.release,
          .machine = names.machine,
          .host = names.nodename,
          .processors = std::thread::hardware_concurrency()};
}

}  // namespace framespec::conformance
