// Times and changes as people read them.
#pragma once

#include <string>

namespace framespec::bench {

/// Three digits and a unit: "12.5 us".
std::string time_in_words(double time_ns);

/// Of a fraction: "10.0 % slower".
std::string slowdown_in_words(double change);

}  // namespace framespec::bench
