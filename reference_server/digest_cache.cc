#include "digest_cache.h"

namespace framespec::server {

std::optional<std::string> DigestCache::find(const FileIdentity& identity) const {
  const auto found = digests_.find(identity);
  if (found == digests_.end()) return std::nullopt;
  return found->second;
}

void DigestCache::put(const FileIdentity& identity, const std::string& md5) {
  if (!digests_.emplace(identity, md5).second) return;
  oldest_first_.push_back(identity);
  if (oldest_first_.size() <= kSizeMax) return;
  digests_.erase(oldest_first_.front());
  oldest_first_.pop_front();
}

}  // namespace framespec::server
