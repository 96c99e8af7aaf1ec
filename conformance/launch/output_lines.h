// What a reader needs of a testee's output, however much of it there is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace framespec::conformance {

/// Takes lines as they are written, in whatever pieces, and keeps the first and the last ones: most
/// runtimes name the cause of their end at the head of a trace, the others at its foot. Equal lines
/// are kept once, and counted. Memory is bounded, and the time linear in what is written.
class OutputLines {
 public:
  static constexpr std::size_t kFirstLines = 8;
  static constexpr std::size_t kLastLines = 8;
  static constexpr std::size_t kLineSizeMax = 200;  ///< what is shown of one, in bytes

  void add(std::string_view piece);

  /// Forgets everything.
  void clear();

  /// The lines, printable, with "(3 times)" behind those that came again and "... 52 more lines
  /// ..." for those left out; without empty ones, and without a line feed at the end.
  [[nodiscard]] std::string text() const;

 private:
  struct Line {
    std::string text;
    std::uint64_t times = 1;
  };

  void end_line();
  void add_line(std::string text);

  std::vector<Line> first_;
  std::vector<Line> last_;      // in the order in which each was written last
  std::uint64_t left_out_ = 0;  // lines between the two
  std::string line_;            // under way, and no more of it than is needed
};

}  // namespace framespec::conformance
