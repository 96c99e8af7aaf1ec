// Runs a fuzz target on files that are there already: regressions, corpora, one reproducer.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "input/stream_replay.h"
#include "target.h"

namespace {

namespace fs = std::filesystem;

constexpr const char* kUsage =
    "usage: %s [--explain] PATH...\n"
    "       %s --as-replay | --from-replay FILE\n"
    "Runs this fuzz target on each file, and on every file of each directory, in order of name.\n"
    "  --explain       prints each input in readable form instead\n"
    "  --as-replay     prints the replay file of one input (docs/replay.md), and runs nothing\n"
    "  --from-replay   writes the input that a replay file makes to standard output\n"
    "The last two are for targets whose inputs are streams. A finding ends the program with "
    "SIGABRT.\n"
    "Exit codes: 0 all passed, 2 wrong usage, no such file, or none that can be converted.\n";

#ifdef FRAMESPEC_FUZZ_STREAM_INPUTS
constexpr bool kHasStreamInputs = true;
#else
constexpr bool kHasStreamInputs = false;
#endif

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

/// Exit code 2 with this sentence.
int refuse(const char* program, const std::string& sentence) {
  std::fprintf(stderr, "%s: %s\n", program, sentence.c_str());
  return 2;
}

int convert(const char* program, std::string_view option, const fs::path& file) {
  if (!kHasStreamInputs) {
    return refuse(program, "the inputs of this target are no streams, which a replay file holds");
  }
  if (!fs::is_regular_file(file)) return refuse(program, "'" + file.string() + "' is no file");
  const std::vector<char> contents = contents_of(file);
  const auto bytes = std::as_bytes(std::span(contents));
  std::string text;
  if (option == "--as-replay") {
    text = framespec::fuzz::replay_text_of(bytes);
  } else {
    const auto input = framespec::fuzz::input_file_of(bytes);
    if (!input) return refuse(program, "'" + file.string() + "': " + input.error());
    text = framespec::as_text(*input);
  }
  const bool is_written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  return is_written && std::fflush(stdout) == 0
             ? 0
             : refuse(program, "standard output cannot be written");
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view first = argc > 1 ? argv[1] : "";
  if (argc == 3 && (first == "--as-replay" || first == "--from-replay")) {
    return convert(argv[0], first, argv[2]);
  }
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
    std::fprintf(stderr, kUsage, argv[0], argv[0]);
    return 2;
  }
  if (!explains) std::printf("%zu inputs passed\n", count);
  return 0;
}
