#include "runner/temporary_folder.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <system_error>

namespace framespec::bench {

TemporaryFolder::TemporaryFolder() {
  std::string name = std::filesystem::temp_directory_path() / "framespec-runner-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) {
    std::perror("runner_benchmark: no temporary folder can be made");
    std::exit(3);  // NOLINT(concurrency-mt-unsafe): on the only thread
  }
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace framespec::bench
