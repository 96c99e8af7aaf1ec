// Suites: conformance cases as data, and the plans they become for one dialect.
//
//   auto suites = SuiteSet::built_in();                       // or SuiteSet::load("my/suites")
//   PlanSource source(*suites, *find_dialect("int64"), {.payload_max = 1 << 20});
//   for (const PlanEntry& entry : source.entries()) {         // thousands, but only names
//     Plan plan = source.build(entry);                        // the bytes, one plan at a time
//     ...
//   }
//
// docs/writing-a-case.md tells how a suite file is written; conformance/schemas/suite.schema.json
// says it formally.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "framespec/dialect.h"
#include "suite/open_checks.h"
#include "suite/plan.h"
#include "suite/release.h"
#include "suite/shard.h"

namespace framespec::conformance {

struct SuiteCase;  // suite/suite_case.h
struct Suite;

/// Beside suites, and none: the rules that no run can show, each with its reason.
inline constexpr std::string_view kNotObservableFile = "not_observable.json";

/// The file name of the frames that cases send, where the dialect has a JSON header and the case
/// says no other.
inline constexpr std::string_view kFrameFilename = "framespec.bin";

/// What is wrong with a suite file.
struct SuiteError {
  std::string file;     ///< as it was named, or "built-in length.json"
  std::string path;     ///< where in it: "$.cases[3].steps[0].send[1].prefix", or "$" for the whole
  std::string message;  ///< what was found, and what is allowed
};

/// "length.json: $.cases[3].level: "most" is not allowed; ...": an error on one line.
std::string to_string(const SuiteError& error);

/// All suites of a run. Immutable; copies share the cases, so a copy is cheap and safe to keep.
class SuiteSet {
 public:
  /// The suites compiled into the program: there wherever it is installed.
  static std::expected<SuiteSet, SuiteError> built_in();

  /// The suite in one file, or those in all files *.json of a directory but kNotObservableFile. A
  /// directory without one, a suite without a case, an unknown rule or key, and two cases of one
  /// name are errors.
  static std::expected<SuiteSet, SuiteError> load(const std::filesystem::path& file_or_directory);

  /// Reads one suite from text; `file` is only for errors.
  static std::expected<SuiteSet, SuiteError> parse(std::string_view json_text, std::string file);

  /// In the order in which they are run: sanity first.
  [[nodiscard]] std::span<const Suite> suites() const noexcept;

  /// Suites that were made in code.
  explicit SuiteSet(std::vector<Suite> suites);

 private:
  std::shared_ptr<const std::vector<Suite>> suites_;
};

/// Which side of the connection is tested.
enum class Side : std::uint8_t { kServer, kClient };

/// Which plans are wanted.
struct ExpandOptions {
  /// Nothing: all there are, whichever side they test.
  std::optional<Side> side{};
  /// The largest payload the testee is configured to take (`--max-payload`), inclusive. Nothing:
  /// the dialect's own maximum; cases about the limit then apply only where that can be exceeded.
  std::optional<std::uint64_t> payload_max{};
  /// How long a frame may take from its first byte to its last, as the testee is configured
  /// (`--frame-timeout`). Nothing: not known, and the cases about it are not run.
  std::optional<std::chrono::milliseconds> frame_timeout{};
  /// Runs also the cases that take long.
  bool with_long = false;
  /// Of the family `random`: the first member has this seed.
  std::uint64_t seed = 1;
  /// The least strict level wanted: kMust leaves out SHOULD and MAY.
  Level level = Level::kMay;
  /// Globs over ids; a plan is wanted when one of them matches, or there is none. A filter without
  /// `*` and `?` that is the id of a plan outside the listed ones
  /// ("length/int32/cuts-3-9/negative") adds that plan.
  std::vector<std::string> filters{};
  /// Globs over ids of plans that are not wanted.
  std::vector<std::string> excludes{};
  /// Only the cases of this part.
  std::optional<Shard> shard{};
  /// Only what an earlier run has left open.
  std::optional<OpenChecks> open{};
  /// Only cases of this release and older ones; newer ones are listed, and not run.
  std::optional<Release> newest_cases{};
};

/// One plan, not yet built.
struct PlanEntry {
  std::string id;
  std::string control_id;
  std::string segmentation;  ///< the third part of the id
  const SuiteCase* suite_case = nullptr;
  std::size_t value = 0;                 ///< index of the case's value; 0 where it has none
  std::optional<std::uint64_t> stop_at;  ///< where the stream is cut off, in such a case
  std::uint64_t size = 0;                ///< bytes of the segmented step
  std::uint64_t segments = 0;            ///< of that step
  After after = After::kMainOpen;
  /// Why it is listed and not run: an option is missing. Empty: it is run.
  std::string not_run;
  /// Looks at the testee's memory or descriptors: run it while nothing else uses the testee.
  bool is_exclusive = false;
};

/// A case that says nothing about this dialect (or this limit), and why.
struct NotApplicable {
  std::string id;      ///< "length/int32/*/zero_illegal"
  std::string reason;  ///< a sentence
  /// It is meant for such a dialect and limit, and could not be made for it all the same: something
  /// that should be tested is not.
  bool is_lost = false;
  std::optional<std::uint64_t> place{};  ///< of a part of the cases: among those of all
};

/// A long stream that is not cut at each of its bytes.
struct CutsLeftOut {
  std::string name;                      ///< of the case and its value: "request-2"
  std::uint64_t left_out = 0;            ///< cut positions
  std::uint64_t of = 0;                  ///< that there are
  std::optional<std::uint64_t> place{};  ///< NotApplicable::place
};

/// "request-2 is too long for a cut at each byte: 904 of 5000 cuts are left out".
[[nodiscard]] std::string to_string(const CutsLeftOut& cuts);

/// The plans of all suites for one dialect. Every const member function may be called from several
/// threads at once. Copies the dialect; Plan::dialect (the dialect with payload_max applied) lives
/// as long as the source.
class PlanSource {
 public:
  /// Precondition: options.payload_max, if set, suits the dialect (Dialect::with_payload_limit).
  PlanSource(SuiteSet suites, const Dialect& dialect, ExpandOptions options = {});
  ~PlanSource();
  PlanSource(PlanSource&&) noexcept;
  PlanSource& operator=(PlanSource&&) noexcept;

  /// In the order in which they should run; the same for the same suites, dialect and options.
  [[nodiscard]] std::span<const PlanEntry> entries() const noexcept;

  /// The same of all parts together, where ExpandOptions::shard wants one.
  [[nodiscard]] std::span<const PlanEntry> entries_of_all_shards() const noexcept;

  [[nodiscard]] bool is_sharded() const noexcept;

  /// Of the cases that filters and level ask for.
  [[nodiscard]] std::span<const NotApplicable> not_applicable() const noexcept;

  /// Of the cases whose values have a number of cuts by their size, where no filter chooses any.
  [[nodiscard]] std::span<const CutsLeftOut> cuts_left_out() const noexcept;

  /// The dialect with payload_max applied.
  [[nodiscard]] const Dialect& dialect() const noexcept;

  /// Makes the bytes of a plan. `entry` is one of entries(), or a copy.
  [[nodiscard]] Plan build(const PlanEntry& entry) const;

  /// The plan with this id, whether or not filters and level let it through, and with any
  /// segmentation that can be named (so that a shrunk one can be run again); or a sentence that
  /// says which part of the id is wrong.
  [[nodiscard]] std::expected<Plan, std::string> build(std::string_view id) const;

 private:
  class Expansion;
  std::unique_ptr<Expansion> expansion_;
};

/// The plan in words for a person: what must hold and why, the rules, the steps with their bytes in
/// hex, where frames end and where segments are cut.
std::string explain(const Plan& plan);

/// Whether `text` matches `pattern`, where `*` stands for any characters ('/' too) and `?` for one.
bool matches_glob(std::string_view pattern, std::string_view text) noexcept;

/// "must", "should" or "may".
std::string_view name_of(Level level) noexcept;

}  // namespace framespec::conformance
