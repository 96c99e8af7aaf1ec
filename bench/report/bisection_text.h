// A bisection in words.
#pragma once

#include <string>

#include "bisecting/bisection.h"

namespace framespec::bench {

/// A line for one commit that was looked at.
std::string commit_line(const CountedCommit& commit);

/// Which commit did it, with the figures of both sides; or which it may have been.
std::string bisection_text(const Bisection& found, const std::string& benchmark);

}  // namespace framespec::bench
