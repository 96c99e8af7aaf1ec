#include "loopback/server_list.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace framespec::bench {
namespace {

using Json = nlohmann::json;

bool is_program(const std::string& name) {
  if (name.contains('/')) return ::access(name.c_str(), X_OK) == 0;
  // One thread. NOLINTNEXTLINE(concurrency-mt-unsafe)
  const char* const path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (::access((folder + "/" + name).c_str(), X_OK) == 0) return true;
  }
  return false;
}

}  // namespace

std::string replaced(std::string text, const std::string& word, const std::string& value) {
  for (std::size_t at = text.find(word); at != std::string::npos;
       at = text.find(word, at + value.size())) {
    text.replace(at, word.size(), value);
  }
  return text;
}

std::expected<std::vector<ServerEntry>, std::string> read_server_list(
    const std::filesystem::path& file, const std::map<std::string, std::string>& places) {
  std::ifstream stream(file);
  if (!stream) return std::unexpected(file.string() + " cannot be read");
  try {
    std::vector<ServerEntry> servers;
    const Json list = Json::parse(stream);
    for (const Json& row : list.at("servers")) {
      ServerEntry server{.name = row.at("name"), .dialect = row.value("dialect", "int32")};
      for (std::string word : row.at("command").get<std::vector<std::string>>()) {
        for (const auto& [place, value] : places) word = replaced(std::move(word), place, value);
        server.command.push_back(std::move(word));
      }
      if (server.command.empty()) return std::unexpected(server.name + " has no command");
      // They stand in the names of benchmarks, where figures of one name are of one server.
      if (server.name.empty() || server.name.contains('/') ||
          std::ranges::find(servers, server.name, &ServerEntry::name) != servers.end()) {
        return std::unexpected("\"" + server.name + "\" is no name, or that of two servers");
      }
      servers.push_back(std::move(server));
    }
    return servers;
  } catch (const Json::exception& problem) {
    return std::unexpected(file.string() + " is no list of servers: " + problem.what());
  }
}

bool is_there(const ServerEntry& server) {
  const auto is_readable = [](const std::string& argument) {
    return !argument.starts_with('/') || ::access(argument.c_str(), R_OK) == 0;
  };
  return is_program(server.command.front()) && std::ranges::all_of(server.command, is_readable);
}

}  // namespace framespec::bench
