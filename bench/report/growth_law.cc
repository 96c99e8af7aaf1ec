#include "report/growth_law.h"

namespace framespec::bench {

std::expected<PowerLaw, std::string> growth_law(std::vector<SizedCost> costs) {
  constexpr double kLevel = 0.95;
  std::erase_if(costs, [](const SizedCost& cost) { return cost.size <= 0; });
  return fit_power_law(costs, kLevel);
}

}  // namespace framespec::bench
