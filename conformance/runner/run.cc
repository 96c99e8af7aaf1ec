#include "runner/run.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

#include "launch/command_template.h"
#include "runner/dialect_run.h"
#include "runner/nonsense.h"
#include "runner/platform.h"
#include "suite/suite_hash.h"

namespace framespec::conformance {
namespace {

// Of a testee that may have nothing to say; more for one that took its time to start before.
constexpr std::chrono::milliseconds kNonsenseStartLimit{10'000};
constexpr int kNonsenseStarts = 3;
constexpr std::chrono::milliseconds kNonsenseTimeLimit{2'000};

bool is_exact(const std::string& filter) { return filter.find_first_of("*?") == std::string::npos; }

std::expected<void, std::string> check_dialects(const RunOptions& options) {
  if (options.dialects.size() == 1) return {};
  const TesteeChoice& testee = options.testee.choice;
  if (!testee.is_launched()) {
    return std::unexpected(fmt::format(
        "a testee that runs already speaks one dialect: give one --dialect, or let framespec start "
        "it with --{} 'CMD {{port}} {{dialect}}'",
        testee.is_client() ? "client" : "launch"));
  }
  if (!command_uses(testee.value, "dialect")) {
    return std::unexpected(fmt::format(
        "with several dialects the testee must be told which one is meant: use {{dialect}} or "
        "$FRAMESPEC_DIALECT in --{}",
        name_of(testee.kind)));
  }
  return {};
}

/// Whether the sanity check itself is asked for by its id: there is one whether or not the suites,
/// or the limits, leave the case of that name.
bool is_sanity_asked_for(const RunOptions& options, const PlanSource& source) {
  return std::ranges::find(options.expand.filters, sanity_plan(source).id) !=
         options.expand.filters.end();
}

/// A part of the cases may be empty, and so may be what is open: the sanity checks are run all the
/// same.
bool is_nothing_of(const RunOptions& options, const PlanSource& source) {
  return !options.expand.open && source.entries_of_all_shards().empty() &&
         !is_sanity_asked_for(options, source);
}

bool was_reached(const DialectResult& dialect) {
  return !dialect.problem || dialect.problem->kind == TesteeProblem::Kind::kUnimplemented;
}

std::chrono::milliseconds time_to_start(const std::vector<DialectResult>& dialects) {
  std::chrono::microseconds longest{0};
  for (const DialectResult& dialect : dialects) {
    if (dialect.testee_starts == 0) continue;
    const auto starting = dialect.spent[static_cast<std::size_t>(Activity::kStarting)];
    longest = std::max(longest, starting / static_cast<std::int64_t>(dialect.testee_starts));
  }
  return std::chrono::ceil<std::chrono::milliseconds>(longest);
}

// Once in a run, and only to a testee that is told which dialect is meant and can be started.
std::optional<NonsenseAnswer> answer_to_nonsense(const RunOptions& options,
                                                 const std::vector<DialectResult>& dialects,
                                                 const std::vector<PlanSource>& sources,
                                                 std::function<void(std::string_view)> waits_for) {
  const TesteeChoice& testee = options.testee.choice;
  if (!testee.is_launched() || !testee.answers.empty() || testee.conversation ||
      !command_uses(testee.value, "dialect") || !std::ranges::any_of(dialects, was_reached)) {
    return std::nullopt;
  }
  TesteeSetup setup = options.testee;
  setup.start_limit = std::min(
      setup.start_limit, std::max(kNonsenseStartLimit, time_to_start(dialects) * kNonsenseStarts));
  return offer_nonsense({.testee = std::move(setup),
                         .observed = options.observed,
                         .max_payload = sources.front().dialect().payload_size_max,
                         .time_limit = std::min(options.time_limit, kNonsenseTimeLimit),
                         .cancelled = options.cancelled,
                         .waits_for = std::move(waits_for)},
                        sources.front());
}

event::Started beginning_of(const RunOptions& options, const std::vector<PlanSource>& sources) {
  event::Started started{
      .version = FRAMESPEC_VERSION,
      .program = options.program,
      .platform = this_platform(),
      .started = fmt::format(
          "{:%Y-%m-%dT%H:%M:%SZ}",
          fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()))),
      .testee = options.testee.choice,
      .suites = options.suites_name,
      .suites_hash = hash_of(options.suites),
      .dialects = {},
      .seed = options.expand.seed,
      .max_payload = *options.expand.payload_max,
      .frame_timeout = options.expand.frame_timeout,
      .time_limit = options.time_limit,
      .start_limit = options.testee.start_limit,
      .run_limit = options.run_limit,
      .is_thorough = options.thorough,
      .jobs = options.jobs,
      .level = options.expand.level,
      .filters = options.expand.filters,
      .excludes = options.expand.excludes,
      .pace = options.pace,
      .accepts_paced = options.accept_paced,
      .known = options.known,
      .shard = options.expand.shard,
      .rerun_of = options.expand.open ? options.expand.open->file : std::string(),
      .newest_cases = options.expand.newest_cases};
  for (std::size_t index = 0; index < sources.size(); ++index) {
    started.dialects.push_back(
        {.option = options.dialects[index].option, .dialect = sources[index].dialect()});
  }
  return started;
}

}  // namespace

std::expected<std::vector<PlanSource>, std::string> prepare(const RunOptions& options) {
  if (auto ok = check_dialects(options); !ok) return std::unexpected(ok.error());
  std::vector<PlanSource> sources;
  sources.reserve(options.dialects.size());
  for (const DialectChoice& choice : options.dialects) {
    sources.emplace_back(options.suites, choice.dialect, options.expand);
  }
  for (const std::string& filter : options.expand.filters) {
    if (!is_exact(filter)) continue;
    std::string reason;
    const bool is_known = std::ranges::any_of(sources, [&](const PlanSource& source) {
      if (filter == sanity_plan(source).id) return true;
      auto plan = source.build(filter);
      if (!plan) reason = plan.error();
      return plan.has_value();
    });
    if (!is_known) return std::unexpected(fmt::format("--filter '{}': {}", filter, reason));
  }
  if (std::ranges::all_of(
          sources, [&](const PlanSource& source) { return is_nothing_of(options, source); })) {
    return std::unexpected(why_nothing_is_left(sources));
  }
  return sources;
}

std::string why_nothing_is_left(std::span<const PlanSource> sources) {
  std::string sentence =
      "no case is left after --filter, --exclude and --level; `framespec list` shows the ids";
  for (const PlanSource& source : sources) {
    if (source.not_applicable().empty()) continue;
    const NotApplicable& first = source.not_applicable().front();
    sentence += fmt::format(". {} does not apply: {}", first.id, first.reason);
    if (const std::size_t more = source.not_applicable().size() - 1; more > 0) {
      sentence += fmt::format(" (nor {} more {})", more, more == 1 ? "does" : "do");
    }
    break;
  }
  return sentence;
}

RunEnd run(const RunOptions& options, const std::vector<PlanSource>& sources, RunObserver& observer,
           EventStream& events) {
  const auto start = std::chrono::steady_clock::now();
  events.tell(beginning_of(options, sources));
  std::vector<DialectResult> dialects;
  const auto waits_for = [&observer](std::string_view what) { observer.waits_for(what); };
  for (std::size_t index = 0; index < sources.size(); ++index) {
    const DialectChoice& choice = options.dialects[index];
    const PlanSource& source = sources[index];
    if (is_nothing_of(options, source)) continue;
    const auto testee =
        make_testee(options.testee, choice.option, source.dialect().payload_size_max);
    testee->cancelled = options.cancelled;
    testee->waits_for = waits_for;
    DialectRun dialect_run(
        source, *testee,
        {.execute = {.time_limit = options.time_limit,
                     .pace = options.pace,
                     .observed = options.observed,
                     .masks = options.masks,
                     .before_each = options.testee.choice.conversation
                                        ? options.testee.choice.conversation->before_each
                                        : std::string(),
                     .cancelled = options.cancelled},
         .thorough = options.thorough,
         .known = options.known ? &*options.known : nullptr,
         .jobs = options.jobs},
        observer, events);
    dialects.push_back(dialect_run.run(choice.option));
  }
  RunEnd end;
  end.was_interrupted = options.cancelled != nullptr && options.cancelled->load();
  if (auto nonsense = answer_to_nonsense(options, dialects, sources, waits_for)) {
    events.tell(event::Note(*std::move(nonsense)));
  }
  end.duration = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - start);
  return end;
}

}  // namespace framespec::conformance
