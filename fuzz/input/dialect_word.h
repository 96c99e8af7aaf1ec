// A dialect in one word of a fuzzer input's first line (docs/fuzzing.md, "The input format").
//
//   int32            a shipped dialect
//   int32,max100     the same with another payload limit
//   i4le,max100      a generated one: a signed length of 4 bytes, little-endian
//   v10,shortest,leadab/f0,unit4,adj-4,reserved1,min8,max4096,nozero,json,hmax64,depth3,tail0d0a
#pragma once

#include <string>
#include <string_view>

#include "framespec/dialect.h"
#include "framespec/splitmix64.h"

namespace framespec::fuzz {

/// The dialect that `word` stands for. Every word stands for one: what cannot be read, or would not
/// be consistent, is the seed of a generated dialect, so that no fuzzer input is wasted.
Dialect parse_dialect_word(std::string_view word);

/// The word that lists what matters of a dialect on the wire; parse_dialect_word reads it back.
std::string dialect_word_of(const Dialect& dialect);

/// A consistent dialect drawn from `random`, every part of it varied.
Dialect draw_dialect(SplitMix64& random);

/// The word of a shipped dialect (half of the time, sometimes with a low limit) or of a drawn one.
std::string draw_dialect_word(SplitMix64& random);

}  // namespace framespec::fuzz
