#include "cli/name_filter.h"

#include <regex>

namespace framespec::bench {

bool keep_matching(HistorySeries& all, const std::string& regex) {
  try {
    const std::regex filter(regex, std::regex::extended);
    std::erase_if(all.series, [&](const Series& series) {
      return !std::regex_search(series.benchmark, filter);
    });
    return true;
  } catch (const std::regex_error&) {
    return false;
  }
}

}  // namespace framespec::bench
