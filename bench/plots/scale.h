// From figures to places along an axis, and the figures that stand beside it.
#pragma once

#include <vector>

namespace framespec::bench {

class Scale {
 public:
  enum class Kind { kLinear, kLogarithmic };

  /// `low` is drawn at `from`, `high` at `to`, in pixels; both differ. Of a logarithmic one they
  /// are above zero.
  Scale(Kind kind, double low, double high, double from, double to);

  [[nodiscard]] double place(double figure) const;
  /// Round figures within the ends, about `count` of them, at least two: 1, 2 or 5 times a power of
  /// ten.
  [[nodiscard]] std::vector<double> ticks(int count) const;

  [[nodiscard]] double low() const { return low_; }
  [[nodiscard]] double high() const { return high_; }

 private:
  Kind kind_;
  double low_;
  double high_;
  double from_;
  double to_;
};

/// The ends of an axis that has room around the figures, at least a hundredth of them on each side.
struct Ends {
  double low = 0;
  double high = 0;
};
Ends ends_around(const std::vector<double>& figures);

}  // namespace framespec::bench
