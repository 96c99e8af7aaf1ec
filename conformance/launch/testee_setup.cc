#include "launch/testee_setup.h"

#include <utility>

#include "launch/client_testee.h"
#include "launch/server_testee.h"

namespace framespec::conformance {

std::unique_ptr<Testee> make_testee(const TesteeSetup& setup, std::string dialect,
                                    std::uint64_t max_payload) {
  const TesteeChoice& choice = setup.choice;
  LaunchValues values{.dialect = std::move(dialect), .max_payload = max_payload};
  switch (choice.kind) {
    case TesteeKind::kServer:
      return std::make_unique<ServerTestee>(setup.address.value());
    case TesteeKind::kLaunched:
      return std::make_unique<ServerTestee>(ServerTestee::Launch{
          .command = choice.value, .values = std::move(values), .start_limit = setup.start_limit});
    case TesteeKind::kClient:
      return std::make_unique<ClientTestee>(
          setup.address.value_or(Endpoint::loopback(0)),
          ClientTestee::Launch{.command = choice.value,
                               .values = std::move(values),
                               .reconnects = choice.reconnects,
                               .answers_on_stdout = setup.answers_on_stdout},
          setup.start_limit);
    case TesteeKind::kClientThatComes:
      break;
  }
  return std::make_unique<ClientTestee>(setup.address.value(), std::nullopt, setup.start_limit);
}

}  // namespace framespec::conformance
