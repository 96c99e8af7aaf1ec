// What is being done now, for whoever waits for it.
#pragma once

#include <functional>
#include <string>

namespace framespec::bench {

/// Shows a line on standard error, over the one before; nothing where that is no terminal. An empty
/// one takes the last away.
std::function<void(const std::string&)> progress();

}  // namespace framespec::bench
