// The echo servers that are loaded side by side: servers.json.
#pragma once

#include <expected>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace framespec::bench {

struct ServerEntry {
  std::string name = {};
  /// The program, as the shell looks for it, and its arguments; "{port}" still stands in them.
  std::vector<std::string> command = {};
  /// That it echoes frames of.
  std::string dialect = "int32";
};

/// `places` says what stands for other words in braces ("{build}"). The error is a sentence.
std::expected<std::vector<ServerEntry>, std::string> read_server_list(
    const std::filesystem::path& file, const std::map<std::string, std::string>& places);

/// `text` with `value` for each `word`.
std::string replaced(std::string text, const std::string& word, const std::string& value);

/// Whether its program is there, and, of an interpreter, what it is to read: an argument that is an
/// absolute path.
bool is_there(const ServerEntry& server);

}  // namespace framespec::bench
