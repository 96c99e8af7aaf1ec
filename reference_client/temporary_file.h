// A file that is either complete under its name or not there at all.
#pragma once

#include <cstdint>
#include <string>

#include "failure.h"
#include "framespec/bytes.h"

namespace framespec::client {

/// Where a file is to appear, judged before anything is transferred.
struct FileTarget {
  std::string folder;  ///< "." if the path names none
  std::string path;    ///< of the file, symbolic links followed
  bool replace = false;
};

/// Judges `path`; if it is a folder, the file gets the name `name` in it. A usage failure if the
/// folder is not there, if the name cannot be one there, if a file is there and `replace` is not
/// set, or if what is there is no ordinary file.
Result<FileTarget> file_target(const std::string& path, const std::string& name, bool replace);

/// Gathers bytes in a hidden file beside the target, on the same file system, and gives it the
/// target's name in one step. Until then the target is untouched; a file that was not committed is
/// removed by the destructor, and by a signal that ends the process (ending_signals.h) if it is the
/// newest.
class TemporaryFile {
 public:
  /// Fails if no file can be created there.
  static Result<TemporaryFile> create(FileTarget target);

  ~TemporaryFile();
  TemporaryFile(TemporaryFile&& other) noexcept;
  TemporaryFile& operator=(TemporaryFile&&) = delete;

  /// Fails when the disk is full, a quota or a size limit is reached, or the disk does not work.
  Result<void> write(Bytes bytes);

  /// Brings everything to the disk, then renames. A target that has appeared meanwhile is only
  /// replaced if the target says so.
  Result<void> commit();

 private:
  TemporaryFile(FileTarget target, std::string path, int descriptor);
  std::unexpected<Failure> failed(const char* doing, int error) const;
  Result<void> rename_to_target();

  FileTarget target_;
  std::string path_;  // empty once there is nothing to remove
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace framespec::client
