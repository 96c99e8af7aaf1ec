// The file that events are written to while they happen: a log.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "launch/unique_fd.h"

namespace framespec::conformance {

/// There under its name from the beginning: what stands in it when the run is killed is what was
/// known. Takes the place of an older file of that name; a link is written through.
class EventFile {
 public:
  [[nodiscard]] static std::expected<EventFile, std::string> create(const std::string& path);

  /// One that nobody sees, in a folder, and that is gone with the process: for what is made of the
  /// events when the run is over.
  [[nodiscard]] static std::expected<EventFile, std::string> create_nameless(
      const std::string& folder);

  /// By which this process can read it, whatever has become of its name; while it exists.
  [[nodiscard]] std::string path_to_read() const;

  /// Hands the whole line over to the system at once, so that it stays whatever becomes of this
  /// process. After an error nothing more is written.
  void write(std::string_view line);

  /// A sentence about what could not be written, if anything.
  [[nodiscard]] const std::optional<std::string>& error() const noexcept { return error_; }

 private:
  EventFile(UniqueFd fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}

  UniqueFd fd_;
  std::string path_;
  std::optional<std::string> error_;
};

}  // namespace framespec::conformance
