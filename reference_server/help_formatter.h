// How --help looks: names and value in one column, wrapped sentences in the other.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace framespec::server {

class HelpFormatter final : public CLI::Formatter {
 public:
  /// One option: its names, what value it takes, what it does, and its default.
  std::string make_option(const CLI::Option* option, bool is_positional) const override;
};

}  // namespace framespec::server
