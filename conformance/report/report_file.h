// A file that appears whole or not at all.
#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace framespec::conformance {

/// Opened before a long run, so that a place where nothing can be written is known at once; until
/// commit() an older file of that name stays as it is. A link is written through. One at a time.
class ReportFile {
 public:
  /// `what` it is, in sentences: "the report".
  [[nodiscard]] static std::expected<ReportFile, std::string> create(
      const std::string& path, std::string_view what = "the report");
  /// The same of a name that the user did not give: a link that has it is replaced.
  [[nodiscard]] static std::expected<ReportFile, std::string> create_itself(const std::string& path,
                                                                            std::string_view what);
  ReportFile(ReportFile&& other) noexcept;
  ReportFile& operator=(ReportFile&&) = delete;
  /// Without commit() nothing is left behind.
  ~ReportFile();

  /// Writes the content and puts it in place; or says why that cannot be done.
  [[nodiscard]] std::expected<void, std::string> commit(std::string_view content);

 private:
  ReportFile() = default;
  [[nodiscard]] static std::expected<ReportFile, std::string> create_at(std::string place,
                                                                        const std::string& path,
                                                                        std::string_view what);
  [[nodiscard]] int give_name();

  std::string what_;
  std::string path_;
  std::string temporary_;  ///< empty while the file has no name
  int fd_ = -1;
};

/// For the signal that ends the program at once: nothing half-written stays. Async-signal-safe.
void remove_unfinished_reports() noexcept;

}  // namespace framespec::conformance
