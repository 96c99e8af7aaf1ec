#include "digest_cache.h"

#include <algorithm>

namespace framespec::server {

std::optional<std::string> DigestCache::find(const FileIdentity& identity) const {
  const auto found = digests_.find(identity);
  if (found == digests_.end()) return std::nullopt;
  return found->second;
}

void DigestCache::put(const FileIdentity& identity, std::int64_t read_ns, const std::string& md5) {
  const std::int64_t last_change_ns = std::max(identity.modified_ns, identity.changed_ns);
  if (read_ns - last_change_ns <= kSettledNs) return;
  if (!digests_.emplace(identity, md5).second) return;
  oldest_first_.push_back(identity);
  if (oldest_first_.size() <= kSizeMax) return;
  digests_.erase(oldest_first_.front());
  oldest_first_.pop_front();
}

void DigestCache::forget(const FileIdentity& identity) {
  if (digests_.erase(identity) > 0) std::erase(oldest_first_, identity);
}

}  // namespace framespec::server
