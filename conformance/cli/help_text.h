// How --help looks.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace framespec::conformance {

/// Lines as wide as the terminal that standard output is, at most 100 columns, and 80 elsewhere:
/// names in one column, sentences in the other. Lines that begin with a space stay as they are.
class HelpText final : public CLI::Formatter {
 public:
  std::string make_option(const CLI::Option* option, bool is_positional) const override;
  std::string make_subcommand(const CLI::App* command) const override;
  std::string make_description(const CLI::App* app) const override;
  std::string make_footer(const CLI::App* app) const override;
};

}  // namespace framespec::conformance
