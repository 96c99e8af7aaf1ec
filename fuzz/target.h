// What a fuzz target is: one source file that defines these, linked with libFuzzer or with
// replay_main.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "framespec/bytes.h"

namespace framespec::fuzz {

/// Runs the target's oracles on one input; a violation ends the program with report_finding().
/// Defined by the target.
void run_input(Bytes input);

/// The input in a form that a person can read. Defined by the target.
std::string explain_input(Bytes input);

/// Prints what was broken and the input, readable, to stderr and aborts, which every fuzzing engine
/// takes for a crash.
[[noreturn]] void report_finding(const std::string& what, Bytes input);

}  // namespace framespec::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
