// Runs requests as commands: the article's remote command.
#pragma once

#include "command.h"
#include "command_rules.h"
#include "service.h"

namespace framespec::server {

/// The reply is the command's stdout, then its stderr. The wire has no place for anything else, so
/// what the server itself has to say (not allowed, ended after 10 s) follows as one more line of
/// stderr that starts with "framespec-server: ". The command is killed when the peer is gone.
class ExecService final : public Service {
 public:
  /// `options` and `log` outlive the service.
  ExecService(const Options& options, Log& log);

  asio::awaitable<Outcome> answer(Request request, ReplyWriter& writer, PeerWatch& peer) override;
  std::uint64_t request_size_max() const noexcept override { return kCommandSizeMax; }
  std::uint64_t descriptors_per_connection() const noexcept override {
    return 1 + Command::kDescriptors;
  }

 private:
  static constexpr std::uint64_t kCommandSizeMax = std::uint64_t{64} * 1024;

  const Options& options_;
  Log& log_;
  CommandRules rules_;
};

}  // namespace framespec::server
