#include "service.h"

#include <utility>

#include "echo_service.h"
#include "exec_service.h"
#include "file_service.h"

namespace framespec::server {

std::string_view Request::text() const noexcept {
  std::string_view text = as_text(payload);
  while (is_raw && (text.ends_with('\n') || text.ends_with('\r'))) text.remove_suffix(1);
  return text;
}

std::expected<std::unique_ptr<Service>, Exit> make_service(const Options& options, Log& log) {
  switch (options.service) {
    case ServiceKind::kEcho:
      return std::make_unique<EchoService>();
    case ServiceKind::kUpper:
      return std::make_unique<UpperService>();
    case ServiceKind::kFile: {
      auto folder = ServedFolder::open(options.folder);
      if (!folder) return std::unexpected(Exit{.text = folder.error()});
      return std::make_unique<FileService>(*std::move(folder));
    }
    case ServiceKind::kExec:
      return std::make_unique<ExecService>(options, log);
  }
  std::unreachable();
}

}  // namespace framespec::server
