#include "cli/testee_options.h"

#include <utility>

#include "cli/option_checks.h"

namespace framespec::conformance {

std::chrono::milliseconds milliseconds_of(double seconds) {
  return std::chrono::ceil<std::chrono::milliseconds>(std::chrono::duration<double>(seconds));
}

std::chrono::milliseconds TesteeOptions::time_limit() const {
  return milliseconds_of(time_limit_s);
}

std::chrono::milliseconds TesteeOptions::start_limit() const {
  return milliseconds_of(start_limit_s);
}

std::optional<std::chrono::microseconds> TesteeOptions::pace() const {
  if (pace_ms == 0) return std::nullopt;
  return std::chrono::ceil<std::chrono::microseconds>(
      std::chrono::duration<double, std::milli>(pace_ms));
}

std::expected<std::optional<Endpoint>, std::string> TesteeOptions::endpoint() const {
  if (server.empty()) return std::nullopt;
  auto parsed = Endpoint::parse(server);
  if (!parsed) return std::unexpected("--server " + parsed.error());
  return *std::move(parsed);
}

void add_testee(CLI::App& app, TesteeOptions& options) {
  CLI::Option* const server =
      app.add_option("--server", options.server, "Address of a testee that runs already")
          ->type_name("HOST:PORT|unix:PATH");
  app.add_option("--launch", options.launch,
                 "Command that starts the testee (by /bin/sh); it is ended afterwards")
      ->type_name("'CMD {port}'")
      ->excludes(server);
}

void add_limits(CLI::App& app, TesteeOptions& options) {
  app.add_option("--time-limit", options.time_limit_s,
                 "So many seconds may a testee be silent, asleep or at work; less once it has\n"
                 "been silent for all of it (docs/verdicts.md)")
      ->check(seconds())
      ->type_name("S")
      ->capture_default_str();
  app.add_option("--start-limit", options.start_limit_s,
                 "Seconds within which a launched testee must listen")
      ->check(seconds())
      ->type_name("S")
      ->capture_default_str();
}

void add_pace(CLI::App& app, TesteeOptions& options) {
  app.add_option("--pace", options.pace_ms,
                 "Without proof: so many milliseconds between the segments instead; for a\n"
                 "testee that no proof can be had of, behind a slow network, where 2 are too few")
      ->check(number(0.001, 1000, "milliseconds"))
      ->type_name("MS");
}

}  // namespace framespec::conformance
