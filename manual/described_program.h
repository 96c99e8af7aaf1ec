// The program that a generator is linked with. Each is described in a file of its own here.
#pragma once

#include "description.h"

namespace framespec::manual {

/// Throws std::exception where its description is not consistent.
Program described_program();

/// The names of the shipped dialects, and files.
Values dialects();

}  // namespace framespec::manual
