// What the benchmarks over loopback have in common.
#pragma once

#include <string>
#include <vector>

#include "loopback/child_process.h"
#include "loopback/server_list.h"

namespace framespec::bench {

struct LoopbackSetup {
  /// How long each measurement lasts; those of bulk take as much as comes in about that time.
  double duration_s = 0.5;
  CpuPair cpus = {};
  /// Where the reference server and client are.
  std::string programs_folder = {};
};

/// Register the benchmarks; `setup` outlives them.
void register_echo(const LoopbackSetup& setup, const std::vector<ServerEntry>& servers);
void register_bulk(const LoopbackSetup& setup);

}  // namespace framespec::bench
