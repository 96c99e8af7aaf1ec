// What the client says to its user on standard error; replies alone go to standard output.
#pragma once

#include <string>
#include <string_view>

namespace framespec::client {

/// Writes whole lines to standard error, each of them printable(). Colours appear on a
/// terminal only, and never when NO_COLOR is set in the environment.
class Console {
 public:
  struct Settings {
    bool quiet = false;
    bool verbose = false;
    bool color = true;
  };

  explicit Console(Settings settings);

  void error(std::string_view text) const;    ///< always shown
  void warning(std::string_view text) const;  ///< always shown
  void note(std::string_view text) const;     ///< not with --quiet
  void detail(std::string_view text) const;   ///< only with --verbose

  /// What error() writes, for a place that cannot make it when it is needed.
  std::string error_line(std::string_view text) const;

  /// Whether a progress bar may be drawn: on a terminal that can move its cursor, and not with
  /// --quiet.
  bool can_draw() const noexcept { return terminal_ && !quiet_; }

 private:
  std::string line(std::string_view label, std::string_view colour, std::string_view text) const;

  bool quiet_;
  bool verbose_;
  bool terminal_;
  bool colour_;
};

}  // namespace framespec::client
