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

std::expected<TesteeSetup, std::string> TesteeOptions::setup(const std::string& answers,
                                                             const Observation& observed) const {
  TesteeSetup setup{.choice = {},
                    .address = {},
                    .answers_on_stdout = observed.is_on_stdout(),
                    .start_limit = start_limit()};
  TesteeChoice& choice = setup.choice;
  const std::string& address = server.empty() ? listen : server;
  if (!server.empty()) {
    choice = {.kind = TesteeKind::kServer, .value = server};
  } else if (!launch.empty()) {
    choice = {.kind = TesteeKind::kLaunched, .value = launch};
  } else if (!client.empty()) {
    choice = {.kind = TesteeKind::kClient,
              .value = client,
              .reconnects = client_reconnects,
              .listen = listen};
  } else {
    choice = {.kind = TesteeKind::kClientThatComes, .value = listen};
  }
  choice.answers = answers;
  if (choice.is_client()) choice.observe = observed.text;
  if (listen.starts_with("unix:")) {
    return std::unexpected("--listen takes HOST:PORT; a client of a unix socket is not tested");
  }
  if (!address.empty()) {
    auto parsed = Endpoint::parse(address);
    if (!parsed) {
      return std::unexpected((server.empty() ? "--listen " : "--server ") + parsed.error());
    }
    setup.address = *std::move(parsed);
  }
  return setup;
}

std::expected<Observation, std::string> TesteeOptions::observation(
    const std::string& answers) const {
  auto observation = Observation::parse(observe.empty() && !answers.empty() ? "exit" : observe);
  if (!observation) return std::unexpected("--observe: " + observation.error());
  if (observation->is_on_stdout() && (client.empty() || client_reconnects)) {
    return std::unexpected(
        "only a client that is started for each check (--client without --client-reconnects) can "
        "be observed by its standard output, or its end");
  }
  if (observation->form != Observation::Form::kExit && !answers.empty()) {
    return std::unexpected("--answer is for --observe exit, which it stands for by itself");
  }
  return observation;
}

namespace {

struct ServerOptions {
  CLI::Option* server;
  CLI::Option* launch;
};

ServerOptions add_server_options(CLI::App& app, TesteeOptions& options) {
  CLI::Option* const server =
      app.add_option("--server", options.server, "Address of a testee that runs already")
          ->type_name("HOST:PORT|unix:PATH");
  CLI::Option* const launch =
      app.add_option("--launch", options.launch,
                     "Command that starts the testee (by /bin/sh); it is ended afterwards")
          ->type_name("'CMD {port}'")
          ->excludes(server);
  return {.server = server, .launch = launch};
}

}  // namespace

void add_server(CLI::App& app, TesteeOptions& options) { add_server_options(app, options); }

void add_testee(CLI::App& app, TesteeOptions& options) {
  const auto [server, launch] = add_server_options(app, options);
  CLI::Option* const client =
      app.add_option("--client", options.client,
                     "The testee is a client: command that starts it, for each check anew. It\n"
                     "connects to framespec, and ends when its connection has ended")
          ->type_name("'CMD {port}'")
          ->excludes(server)
          ->excludes(launch);
  app.add_flag("--client-reconnects", options.client_reconnects,
               "It is started once, and connects again whenever its connection has ended")
      ->needs(client);
  app.add_option("--listen", options.listen,
                 "Address for a client to connect to; without --client one that runs by itself\n"
                 "and connects again whenever its connection has ended")
      ->type_name("HOST:PORT")
      ->check(not_empty())
      ->excludes(server)
      ->excludes(launch);
  app.add_option(
         "--observe", options.observe,
         "What a client shows of what it has received. echo (default): it sends each frame\n"
         "back; stdout: it writes each payload to its standard output as an int32 frame;\n"
         "stdout:DIALECT (or its file): as one of that dialect; stdout:hex: as a line of\n"
         "hexadecimal digits; exit: how it ends, and all that it writes there (--answer)")
      ->type_name("WHAT")
      ->check(not_empty())
      ->excludes(server)
      ->excludes(launch);
}

void add_limits(CLI::App& app, TesteeOptions& options) {
  app.add_option("--time-limit", options.time_limit_s,
                 "So many seconds may a testee be silent, asleep or at work; less once it has\n"
                 "been silent for all of it (docs/verdicts.md)")
      ->check(seconds())
      ->type_name("S")
      ->capture_default_str();
  app.add_option("--start-limit", options.start_limit_s,
                 "Seconds within which a launched testee must listen, or a client connect")
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
