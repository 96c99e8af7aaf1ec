// Where the steps of a replay file stand in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace framespec::conformance {

/// The line, from 1, of a replay file's step of that index: behind the head, without empty ones.
[[nodiscard]] std::uint64_t line_of_step(std::string_view text, std::size_t index);

}  // namespace framespec::conformance
