#include "delivery/other_namespaces.h"

#include <algorithm>
#include <utility>

namespace framespec::delivery {
namespace {

/// A peer's socket may come into being a moment after ours is connected; not much later.
constexpr int kSearchesMax = 3;

}  // namespace

void OtherNamespaces::renew() noexcept {
  known_.reset();
  searched_in_vain_ = 0;
}

std::expected<os::DiagSocket, std::string> OtherNamespaces::find(
    const std::function<bool(os::DiagSocket&)>& is_there) {
  if (searched_in_vain_ >= kSearchesMax) return std::unexpected(why_not_);
  if (!known_) known_ = list_();
  std::string refused;
  for (auto path = known_->paths.begin(); path != known_->paths.end(); ++path) {
    auto diag = os::DiagSocket::open_in(*path);
    if (!diag) {
      refused = diag.error();
    } else if (is_there(*diag)) {
      searched_in_vain_ = 0;
      std::rotate(known_->paths.begin(), path, path + 1);
      return diag;
    }
  }
  ++searched_in_vain_;
  if (!refused.empty()) {
    why_not_ =
        "if it is in another network namespace of this host, we may not look there: " + refused;
  } else if (known_->hidden > 0) {
    why_not_ =
        "if it is in another network namespace of this host, we may not look there: the namespaces "
        "of " +
        std::to_string(known_->hidden) + " processes are not shown to us (CAP_SYS_PTRACE)";
  } else if (!known_->paths.empty()) {
    why_not_ = "nor is it in any of " + std::to_string(known_->paths.size()) +
               " other network namespaces of this host, as the connection was made";
  } else {
    why_not_.clear();
  }
  return std::unexpected(why_not_);
}

}  // namespace framespec::delivery
