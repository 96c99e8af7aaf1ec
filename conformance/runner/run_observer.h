// Gets told how a run goes on, while it goes on.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace framespec::conformance {

struct PlanResult;

/// Called from the thread that runs. Every function may do nothing.
class RunObserver {
 public:
  virtual ~RunObserver() = default;
  virtual void dialect_begins(std::string_view /*name*/, std::size_t /*plans*/) {}
  virtual void plan_begins(std::string_view /*id*/) {}
  virtual void plan_ended(const PlanResult& /*result*/) {}
  virtual void told(const std::string& /*sentence*/) {}
};

}  // namespace framespec::conformance
