// Runs a fuzz target on files that are there already: regressions, corpora, one reproducer.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "target.h"

namespace {

namespace fs = std::filesystem;

constexpr const char* kUsage =
    "usage: %s [--explain] PATH...\n"
    "Runs this fuzz target on each file, and on every file of each directory, in order of name.\n"
    "  --explain   prints each input in readable form instead\n"
    "A finding ends the program with SIGABRT. Exit codes: 0 all passed, 2 wrong usage, no such "
    "file.\n";

/// The files that `path` stands for; none if it does not exist.
std::vector<fs::path> files_of(const fs::path& path) {
  std::vector<fs::path> files;
  if (fs::is_directory(path)) {
    for (const auto& entry : fs::recursive_directory_iterator(path)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
    std::ranges::sort(files);
  } else if (fs::exists(path)) {
    files.push_back(path);
  }
  return files;
}

std::vector<char> contents_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void replay(const fs::path& file, bool explains) {
  const std::vector<char> contents = contents_of(file);
  const auto bytes = std::as_bytes(std::span(contents));
  // The name first: the last line says which input a crash belongs to.
  std::printf("%s\n", file.c_str());
  std::fflush(stdout);
  if (explains) {
    std::printf("%s\n", framespec::fuzz::explain_input(bytes).c_str());
  } else {
    framespec::fuzz::run_input(bytes);
  }
}

}  // namespace

int main(int argc, char** argv) {
  bool explains = false;
  std::size_t count = 0;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--explain") == 0) {
      explains = true;
      continue;
    }
    const auto files = files_of(argv[i]);
    if (files.empty()) {
      std::fprintf(stderr, "%s: '%s' is no file, nor a directory with files in it\n", argv[0],
                   argv[i]);
      return 2;
    }
    for (const auto& file : files) replay(file, explains);
    count += files.size();
  }
  if (count == 0) {
    std::fprintf(stderr, kUsage, argv[0]);
    return 2;
  }
  if (!explains) std::printf("%zu inputs passed\n", count);
  return 0;
}
