#include "cli/name_filter.h"

#include <regex>

namespace framespec::bench {
namespace {

/// A sentence where it is no regular expression; empty if it is one.
std::string fault_of_filter(const std::string& filter) {
  try {
    static_cast<void>(std::regex(filter, std::regex::extended));
    return {};
  } catch (const std::regex_error&) {
    return "no regular expression: " + filter;
  }
}

template <class Named>
void erase_others(std::vector<Named>& all, const std::string& filter) {
  const std::regex expression(filter, std::regex::extended);
  std::erase_if(all,
                [&](const Named& each) { return !std::regex_search(each.benchmark, expression); });
}

}  // namespace

void add_name_filter(CLI::App& command, std::string& filter, const std::string& description) {
  command.add_option("--filter", filter, description)->type_name("REGEX")->check(fault_of_filter);
}

void keep_matching(HistorySeries& all, const std::string& filter) {
  erase_others(all.series, filter);
}

void keep_matching(std::vector<BenchmarkSamples>& all, const std::string& filter) {
  erase_others(all, filter);
}

}  // namespace framespec::bench
