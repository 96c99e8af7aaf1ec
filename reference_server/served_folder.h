// A folder whose files peers may name, and no other file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <tuple>

#include "descriptor.h"

namespace framespec::server {

/// Tells whether a file is still the one it was: device, inode, size, and times of the last change
/// of content and of status, in nanoseconds.
struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;

  auto operator<=>(const FileIdentity&) const = default;
};

/// A regular file, open for reading.
class ServedFile {
 public:
  ServedFile(Descriptor descriptor, const FileIdentity& identity)
      : descriptor_(std::move(descriptor)), identity_(identity) {}

  std::uint64_t size() const noexcept { return identity_.size; }

  /// As it was when it was opened.
  const FileIdentity& identity() const noexcept { return identity_; }

  /// Whether its content can still be what it was: the size alone, and the time of the last change
  /// of content too. What is done to its names, rights or owner is no change.
  bool has_same_size() const noexcept;
  bool is_unchanged() const noexcept;

  /// Fills `into` from `offset` on; fewer bytes only at the end of the file, none on an error.
  std::size_t read_at(std::uint64_t offset, std::span<std::byte> into) const noexcept;

 private:
  Descriptor descriptor_;
  FileIdentity identity_;
};

/// Opens files by relative name. The kernel itself keeps every step of a name inside the folder
/// (openat2 with RESOLVE_BENEATH), so neither `..`, nor an absolute name, nor a symbolic link leads
/// out of it, not even one that is put there meanwhile. Relative links that stay inside are
/// followed; absolute ones never are, for where they lead depends on what is outside.
class ServedFolder {
 public:
  /// A sentence if `path` is not a folder that can be read.
  static std::expected<ServedFolder, std::string> open(const std::string& path);

  /// A sentence, fit for a log, if there is no such regular file.
  std::expected<ServedFile, std::string> open_file(std::string_view name) const;

 private:
  explicit ServedFolder(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}
  Descriptor descriptor_;
};

}  // namespace framespec::server
