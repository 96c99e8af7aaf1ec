// Programs that write what a test wants, as Google Benchmark would.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

namespace framespec::bench {

/// A row of a benchmark that took a microsecond.
inline std::string row_of(const std::string& benchmark) {
  return R"({"name": ")" + benchmark +
         R"(", "iterations": 1, "real_time": 1000, "cpu_time": 1000})";
}

/// A script of that name. Listed, it prints `list`. Run, it first does what `begin` says, where
/// "$folder" is the folder that it was called in, and writes the rows of "$rows" (at first `rows`).
inline std::filesystem::path make_program(const std::filesystem::path& file,
                                          const std::string& rows, const std::string& list = "",
                                          const std::string& begin = "") {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file) << "#!/bin/sh\nrows='" << rows << "'\nfolder=$(dirname \"$0\")\n"
                      << begin << "\nfor argument; do case \"$argument\" in\n"
                      << "--benchmark_list_tests=true) printf '%s' '" << list << "'; exit ;;\n"
                      << "--benchmark_out=*) out=${argument#*=} ;;\nesac; done\n"
                      << "echo \"{\\\"benchmarks\\\": [$rows]}\" > \"$out\"\n";
  std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  return file;
}

}  // namespace framespec::bench
