// Writes the man page and the completions of one program into a folder, each where it is installed
// below share/.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include "described_program.h"
#include "text_files.h"

namespace {

void write(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (file.fail()) throw std::runtime_error(path.string() + " cannot be written");
}

}  // namespace

int main(int argc, char** argv) try {
  using namespace framespec::manual;
  if (argc != 2) throw std::runtime_error("usage: " + std::string(argv[0]) + " FOLDER");
  const std::filesystem::path share = argv[1];
  const Program program = described_program();
  const std::string& name = program.name;
  write(share / "man/man1" / (name + ".1"), man_page(program));
  write(share / "bash-completion/completions" / name, bash_completion(program));
  write(share / "zsh/site-functions" / ("_" + name), zsh_completion(program));
  write(share / "fish/vendor_completions.d" / (name + ".fish"), fish_completion(program));
  return 0;
} catch (const std::exception& problem) {
  std::cerr << "the manual cannot be made: " << problem.what() << '\n';
  return 3;
}
