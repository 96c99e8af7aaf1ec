// What it takes to have a testee of the kind that the user has chosen.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "launch/endpoint.h"
#include "launch/testee.h"
#include "launch/testee_choice.h"

namespace framespec::conformance {

struct TesteeSetup {
  TesteeChoice choice{};
  /// Where a server is that runs already; where to listen for a client. Nothing for a server that
  /// is launched, and any port for a client.
  std::optional<Endpoint> address{};
  /// A client that is launched shows what it receives on its standard output.
  bool answers_on_stdout = false;
  std::chrono::milliseconds start_limit{60'000};
};

/// A testee that is told this dialect, as the user named it, and this limit.
[[nodiscard]] std::unique_ptr<Testee> make_testee(const TesteeSetup& setup, std::string dialect,
                                                  std::uint64_t max_payload);

}  // namespace framespec::conformance
