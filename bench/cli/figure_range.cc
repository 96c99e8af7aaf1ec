#include "cli/figure_range.h"

#include <cmath>
#include <string>

namespace framespec::bench {

CLI::Validator figure_between(double low, double high) {
  const CLI::Range range(low, high);
  return CLI::Validator(
      [range](std::string& text) {
        double figure = 0;
        if (CLI::detail::lexical_cast(text, figure) && std::isnan(figure)) {
          return "Value " + text + " is no number";
        }
        return range(text);
      },
      range.get_description());
}

}  // namespace framespec::bench
