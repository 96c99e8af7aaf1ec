// What the runs of a list of testees came to, together.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/matrix_file.h"
#include "runner/run_result.h"

namespace framespec::conformance {

struct MatrixRun {
  MatrixTestee testee;
  std::optional<RunResult> run;  ///< nothing: it was interrupted before its turn
};

struct MatrixResult {
  std::string version;
  Platform platform;
  std::string started;  ///< UTC
  std::vector<MatrixRun> runs;
};

/// The worst of all runs. A finding (1) is worse than what could not be judged (3): it is known,
/// and stays whatever else comes, as within one run.
[[nodiscard]] ExitJudgement judge_matrix(const MatrixResult& result);

/// Tables in Markdown: each testee and dialect; the cases in which they differ; what is new in
/// each. Ends with a newline.
[[nodiscard]] std::string matrix_text(const MatrixResult& result);

inline constexpr const char* kMatrixResultFormat = "framespec-matrix-result/1";

/// All of it: each case's verdicts for each testee, with its deviations; by
/// matrix_result.schema.json.
[[nodiscard]] std::string matrix_json(const MatrixResult& result);

/// What a case of the suite came to in one testee and dialect.
struct CaseCell {
  const MatrixRun* run = nullptr;
  const DialectResult* dialect = nullptr;
  Totals totals{};
  std::vector<const PlanResult*> deviations;

  /// "fail" where something required deviates that is not known, "nonstrict" where all of that is a
  /// SHOULD or a MAY, "known" where all that deviates is known; else "pass" where something passed,
  /// and "not_judged" where nothing did.
  [[nodiscard]] std::string_view outcome() const noexcept;
};

/// A case, in all that ran it.
struct CaseRow {
  std::string key;
  const CaseFacts* facts = nullptr;
  std::vector<CaseCell> cells;
};

/// In the order in which they first ran. Views into `result`, which must outlive them.
[[nodiscard]] std::vector<CaseRow> cases_of(const MatrixResult& result);

}  // namespace framespec::conformance
