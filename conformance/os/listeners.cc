#include "os/listeners.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>

#include "os/processes.h"

namespace framespec::os {
namespace {

constexpr std::string_view kListenState = "0A";
constexpr std::size_t kWordDigits = 8;

template <typename Number>
std::optional<Number> number_in(std::string_view text, int base) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// "0100007F" is 127.0.0.1: each word of the address as this machine reads it from memory.
std::string address_in(std::string_view digits) {
  std::array<std::uint32_t, 4> words{};
  const std::size_t count = digits.size() / kWordDigits;
  if (digits.size() % kWordDigits != 0 || (count != 1 && count != words.size())) return {};
  for (std::size_t index = 0; index < count; ++index) {
    const auto word = number_in<std::uint32_t>(digits.substr(index * kWordDigits, kWordDigits), 16);
    if (!word) return {};
    words[index] = *word;
  }
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(count == 1 ? AF_INET : AF_INET6, words.data(), text.data(), text.size());
  return text.data();
}

/// "  0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  0  0 12345 …".
std::optional<Listener> listener_in(const std::string& line) {
  std::istringstream stream(line);
  const std::vector<std::string> fields{std::istream_iterator<std::string>(stream), {}};
  if (fields.size() < 10 || fields[3] != kListenState) return std::nullopt;
  const std::string_view local = fields[1];
  const std::size_t colon = local.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto port = number_in<std::uint16_t>(local.substr(colon + 1), 16);
  const auto inode = number_in<std::uint64_t>(fields[9], 10);
  std::string address = address_in(local.substr(0, colon));
  if (!port || !inode || address.empty()) return std::nullopt;
  return Listener{.address = std::move(address), .port = *port, .inode = *inode};
}

}  // namespace

std::string Listener::text() const {
  const bool is_ipv6 = address.contains(':');
  return (is_ipv6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
}

std::vector<Listener> parse_listeners(std::string_view table) {
  std::vector<Listener> listeners;
  std::istringstream stream{std::string(table)};
  for (std::string line; std::getline(stream, line);) {
    if (auto listener = listener_in(line)) listeners.push_back(std::move(*listener));
  }
  return listeners;
}

std::vector<Listener> listeners_of(std::span<const pid_t> processes) {
  std::vector<Listener> listeners;
  for (const char* const path : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::ifstream file(path);
    const std::string table{std::istreambuf_iterator<char>(file), {}};
    std::ranges::move(parse_listeners(table), std::back_inserter(listeners));
  }
  std::erase_if(listeners, [&](const Listener& listener) {
    return std::ranges::none_of(processes, [&](pid_t process) {
      return descriptor_of_socket(process, listener.inode).has_value();
    });
  });
  return listeners;
}

}  // namespace framespec::os
