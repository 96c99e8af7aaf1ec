// The plans of all suites for one dialect, before anybody asks for them.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "suite/case_compiler.h"
#include "suite/suite.h"
#include "suite/suite_case.h"

namespace framespec::conformance {

/// Why a case that waits for it is listed only.
inline constexpr std::string_view kFrameTimeoutUnknown =
    "how long the testee lets a frame take is not known (--frame-timeout S says it)";

/// See PlanSource, whose only member it is.
class PlanSource::Expansion {
 public:
  Expansion(SuiteSet suites, const Dialect& dialect, ExpandOptions options);

  [[nodiscard]] Plan build(const PlanEntry& entry) const;

  [[nodiscard]] std::expected<PlanEntry, std::string> find(std::string_view id) const;

  const SuiteSet suites_;
  const Dialect dialect_;
  const ExpandOptions options_;
  std::vector<PlanEntry> entries_;
  std::vector<PlanEntry> of_all_shards_;  ///< where one is wanted
  std::vector<NotApplicable> not_applicable_;
  std::vector<CutsLeftOut> cuts_left_out_;

 private:
  [[nodiscard]] CompileOptions options(std::optional<std::uint64_t> stop_at = std::nullopt) const;

  /// Why a case is listed only.
  [[nodiscard]] std::string why_not_run(const SuiteCase& suite_case, std::size_t value) const;

  [[nodiscard]] std::string id_of(const SuiteCase& suite_case, std::string_view segmentation,
                                  std::string_view name) const;

  [[nodiscard]] Plan frame_of(const PlanEntry& entry) const;

  [[nodiscard]] PlanEntry entry_of(const SuiteCase& suite_case, std::size_t value,
                                   std::optional<std::uint64_t> stop_at,
                                   const CompiledCase& compiled,
                                   std::string_view segmentation) const;

  /// The control of a case; or why the case is not for this dialect, if the rules do not bear it
  /// out.
  [[nodiscard]] std::expected<PlanEntry, NotFor> control_of(const SuiteCase& suite_case,
                                                            std::size_t value,
                                                            std::optional<std::uint64_t> stop_at,
                                                            const CompiledCase& compiled) const;

  /// Why a case is not for the side that is tested, or for the dialect; nothing if it is.
  [[nodiscard]] std::optional<std::string> unmet_condition(const SuiteCase& suite_case,
                                                           std::size_t value) const;

  void reject(const SuiteCase& suite_case, std::size_t value, NotFor why);

  /// Whether a filter can let a plan of this case through: to build the bytes of all others costs
  /// time.
  [[nodiscard]] bool is_wanted(const SuiteCase& suite_case, std::size_t value) const;

  void expand(const SuiteCase& suite_case);

  void expand(const SuiteCase& suite_case, std::size_t value, const CompiledCase& compiled);

  [[nodiscard]] std::vector<std::string> segmentations_of(const SuiteCase& suite_case,
                                                          std::size_t value,
                                                          const CompiledCase& compiled) const;

  void note_cuts_left_out(const SuiteCase& suite_case, std::size_t value,
                          const CompiledCase& compiled);

  void add_all(const SuiteCase& suite_case, std::size_t value, std::optional<std::uint64_t> stop_at,
               const CompiledCase& compiled);

  void add(PlanEntry entry);

  [[nodiscard]] bool is_in_shard(const SuiteCase& suite_case) const;
  /// The number of the next one among those of all parts, where one is wanted.
  [[nodiscard]] std::optional<std::uint64_t> next_place(std::uint64_t& seen) const;

  /// Who names it wants it.
  void run_if_only_long(PlanEntry& entry) const;

  void add_named_by_filters();

  void add_open();

  std::uint64_t not_applicable_seen_ = 0;  ///< with those of other parts
  std::uint64_t cuts_left_out_seen_ = 0;

  struct FoundCase {
    const SuiteCase* suite_case;
    std::size_t value;
    std::optional<std::uint64_t> stop_at;
  };
  [[nodiscard]] std::expected<FoundCase, std::string> find_case(std::string_view area,
                                                                std::string_view name) const;
};

}  // namespace framespec::conformance
