// A list of testees to be run one after the other: docs/matrix.md tells how it is written,
// conformance/schemas/matrix.schema.json says it formally.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace framespec::conformance {

inline constexpr std::string_view kMatrixFormat = "framespec-matrix/1";

/// One of them. The members are the options of `framespec run`, and empty where they are not given.
struct MatrixTestee {
  std::string name;            ///< of letters, digits, '.', '_' and '-': also that of a file
  std::string implementation;  ///< what it is, in words
  // One of these is not empty.
  std::string launch{};
  std::string client{};
  // One of these is not empty.
  std::vector<std::string> dialects{};
  std::string answer{};
  std::string known_failing{};
  std::string observe{};
  std::optional<std::uint64_t> max_payload{};
  std::optional<double> time_limit_s{};
  std::optional<double> start_limit_s{};
  std::vector<std::string> filters{};
  std::vector<std::string> excludes{};
};

/// Reads one; an error is a sentence that names the file and the place in it.
[[nodiscard]] std::expected<std::vector<MatrixTestee>, std::string> read_matrix(
    const std::string& path);

}  // namespace framespec::conformance
