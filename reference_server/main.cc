// framespec-server: a framed TCP server to measure other implementations by.
#include <cstdio>
#include <iostream>

#include "options.h"
#include "server.h"

namespace {

int end_with(const framespec::server::Exit& exit) {
  (exit.is_answer ? std::cout : std::cerr << "framespec-server: ") << exit.text << '\n';
  return exit.code;
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = framespec::server::parse_options(argc, argv);
  if (!options) return end_with(options.error());

  framespec::server::Server server(*options);
  if (const auto opened = server.open(); !opened) return end_with(opened.error());
  for (const std::string& address : server.addresses()) {
    std::cout << "listening on " << address << std::endl;
  }
  server.run();
  return framespec::server::kExitOk;
}
