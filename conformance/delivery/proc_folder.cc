#include "delivery/proc_folder.h"

#include <dirent.h>

#include <charconv>
#include <string_view>

namespace framespec::delivery {

std::vector<int> numbers_in(const std::string& path) {
  std::vector<int> numbers;
  DIR* const folder = ::opendir(path.c_str());
  if (folder == nullptr) return numbers;
  // Not shared with another thread, and so safe: NOLINTNEXTLINE(concurrency-mt-unsafe)
  while (const dirent* const entry = ::readdir(folder)) {
    const std::string_view name(entry->d_name);
    int number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error == std::errc{} && end == name.data() + name.size()) numbers.push_back(number);
  }
  ::closedir(folder);
  return numbers;
}

}  // namespace framespec::delivery
