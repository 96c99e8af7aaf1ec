// Seeded dialects and streams, right and wrong ones, for comparing the library with the model.
#pragma once

#include "framespec/dialect.h"
#include "framespec/splitmix64.h"

namespace framespec {

/// A dialect with a random value in each of its parts that is consistent (check_consistency).
Dialect random_dialect(SplitMix64& random);

/// A few frames of the dialect, as its encoder writes them; fewer where it refuses some.
ByteVector random_stream(SplitMix64& random, const Dialect& dialect);

/// Changes `stream` in one to three places: flips a bit, sets, inserts, removes or doubles bytes,
/// cuts it short, or writes a number near some limit.
void damage(SplitMix64& random, ByteVector& stream);

}  // namespace framespec
