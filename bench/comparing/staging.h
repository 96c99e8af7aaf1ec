// Two programs and a copy of the first, put where nothing but their contents differs.
#pragma once

#include <expected>
#include <filesystem>
#include <string>

#include "measuring/benchmark_program.h"

namespace framespec::bench {

/// A folder of this run alone, removed with its contents when it goes.
class ScratchFolder {
 public:
  /// In TMPDIR, else /tmp. The error is a sentence.
  static std::expected<ScratchFolder, std::string> create();

  ScratchFolder(ScratchFolder&& other) noexcept;
  ScratchFolder& operator=(ScratchFolder&&) = delete;
  ~ScratchFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  explicit ScratchFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

/// Each has a path of the same length, since that of a program's name moves its stack.
struct StagedPrograms {
  BenchmarkProgram a;
  BenchmarkProgram b;
  /// Another file with the contents of A, where A works from another place; else A.
  BenchmarkProgram copy;
};

/// Below a new folder of this name in the scratch folder.
std::expected<StagedPrograms, std::string> stage(const std::filesystem::path& a,
                                                 const std::filesystem::path& b,
                                                 const std::filesystem::path& scratch,
                                                 const std::string& name);

}  // namespace framespec::bench
