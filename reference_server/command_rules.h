// Which commands peers may run, and how each is run.
#pragma once

#include <expected>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace framespec::server {

/// The allow-list of the exec service. Nothing is allowed that is not named.
///
///   a command   allowed word for word, as its owner wrote it, and so safe to give to `sh -c`
///   a program   allowed with any arguments; the peer chooses those, so no shell ever sees them:
///               they are split at blanks, '…' and "…" keep blanks together, nothing else has a
///               meaning
class CommandRules {
 public:
  CommandRules(const std::vector<std::string>& commands, const std::vector<std::string>& programs);

  /// The arguments to run, program first; or a sentence that says why not.
  std::expected<std::vector<std::string>, std::string> arguments_for(
      std::string_view request) const;

 private:
  std::set<std::string, std::less<>> commands_;
  std::set<std::string, std::less<>> programs_;
};

}  // namespace framespec::server
