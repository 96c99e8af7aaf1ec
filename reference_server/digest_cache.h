// The md5 of files that were sent before.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "served_folder.h"

namespace framespec::server {

/// Remembers the digests of the last kSizeMax files by identity, so that a large file is read once
/// for each of its versions, not twice for each request.
class DigestCache {
 public:
  static constexpr std::size_t kSizeMax = 1024;

  std::optional<std::string> find(const FileIdentity& identity) const;
  void put(const FileIdentity& identity, const std::string& md5);

 private:
  std::map<FileIdentity, std::string> digests_;
  std::deque<FileIdentity> oldest_first_;
};

}  // namespace framespec::server
