// What `get -o` may name and that takes bytes as they come: a pipe, a device, an open descriptor.
#pragma once

#include <optional>
#include <string>

#include "failure.h"

namespace framespec::client {

/// A descriptor to write to, and its name for messages. What was written cannot be taken back, and
/// nothing there is ever replaced.
class OutputStream {
 public:
  /// Standard output.
  OutputStream();
  ~OutputStream();
  OutputStream(OutputStream&& other) noexcept;
  OutputStream& operator=(OutputStream&&) = delete;

  /// The stream that `path` names, through symbolic links too; none if it names anything else, or
  /// nothing. Streams are: a descriptor of this process that is open for writing (/dev/stdout,
  /// /dev/fd/N), which is written where it stands, be it an ordinary file; a FIFO, where this waits
  /// for a reader as any program does; a character device. Fails if it cannot be opened.
  static Result<std::optional<OutputStream>> open(const std::string& path);

  int descriptor() const noexcept { return descriptor_; }
  const std::string& name() const noexcept { return name_; }

 private:
  OutputStream(int descriptor, std::string name);

  int descriptor_;
  std::string name_;
};

}  // namespace framespec::client
