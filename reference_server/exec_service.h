// Runs requests as commands: the article's remote command.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "command.h"
#include "command_rules.h"
#include "service.h"

namespace framespec::server {

/// The reply is the command's stdout, then its stderr. The wire has no place for anything else, so
/// what the server itself has to say (not allowed, ended after 10 s) follows as one more line of
/// stderr that starts with "framespec-server: ". The command is killed when the peer is gone. A
/// request beyond the commands that may run at once is answered so, and does not wait.
class ExecService final : public Service {
 public:
  /// `options` and `log` outlive the service.
  ExecService(const Options& options, Log& log);

  asio::awaitable<Outcome> answer(Request request, ReplyWriter& writer, PeerWatch& peer) override;
  std::uint64_t request_size_max() const noexcept override { return kCommandSizeMax; }
  std::uint64_t descriptors_for(std::uint64_t connections) const noexcept override {
    return connections + std::min(connections, options_.exec_at_once) * Command::kDescriptors;
  }

 private:
  asio::awaitable<CommandResult> run(const std::vector<std::string>& arguments,
                                     const CommandLimits& limits, PeerWatch& peer);

  static constexpr std::uint64_t kCommandSizeMax = std::uint64_t{64} * 1024;

  const Options& options_;
  Log& log_;
  CommandRules rules_;
  std::uint64_t running_ = 0;  // commands, until the last process of each has ended
};

}  // namespace framespec::server
