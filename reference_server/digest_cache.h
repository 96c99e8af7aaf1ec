// The md5 of files that were sent before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "served_folder.h"

namespace framespec::server {

/// Remembers the digests of the last kSizeMax files by identity, so that a large file is read once
/// for each of its versions, not twice for each request.
///
/// The times in an identity move in steps of some milliseconds, so two versions written within a
/// step have the same one. Hence a file that had changed shortly before it was read is not
/// remembered. A write through a mapping may move no time at all: what uses a digest checks it, and
/// forgets a wrong one.
class DigestCache {
 public:
  static constexpr std::size_t kSizeMax = 1024;
  static constexpr std::int64_t kSettledNs = 2'000'000'000;

  std::optional<std::string> find(const FileIdentity& identity) const;
  /// `read_ns` is the time before the file was read, of the clock that files' times are from.
  void put(const FileIdentity& identity, std::int64_t read_ns, const std::string& md5);
  void forget(const FileIdentity& identity);

 private:
  std::map<FileIdentity, std::string> digests_;
  std::deque<FileIdentity> oldest_first_;
};

}  // namespace framespec::server
