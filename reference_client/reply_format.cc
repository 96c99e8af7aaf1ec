#include "reply_format.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace framespec::client {

namespace {

std::string hexadecimal(Bytes bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string digits;
  digits.reserve(bytes.size() * 2);
  for (const std::byte byte : bytes) {
    const auto value = std::to_integer<unsigned>(byte);
    digits += kDigits[value >> 4U];
    digits += kDigits[value & 0xFU];
  }
  return digits;
}

std::string json_line(std::uint64_t number, const Frame& frame) {
  nlohmann::ordered_json object;
  object["reply"] = number;
  object["offset"] = frame.offset;
  object["size"] = frame.payload.size();
  if (frame.header != nullptr) {
    object["filename"] = frame.header->filename;
    object["md5"] = frame.header->md5;
    object["total_size"] = frame.header->total_size;
  }
  nlohmann::ordered_json with_text = object;
  with_text["text"] = as_text(frame.payload);
  // ASCII alone: nothing that a server sends is a control to a terminal.
  try {
    return with_text.dump(-1, ' ', true) + "\n";
  } catch (const nlohmann::json::type_error&) {  // how the library says that a string is not UTF-8
    object["hex"] = hexadecimal(frame.payload);
    return object.dump(-1, ' ', true) + "\n";
  }
}

}  // namespace

std::string format_reply(OutputFormat format, std::uint64_t number, const Frame& frame) {
  switch (format) {
    case OutputFormat::kText:
      return std::string(as_text(frame.payload)) + "\n";
    case OutputFormat::kRaw:
      return std::string(as_text(frame.payload));
    case OutputFormat::kHex:
      return hexadecimal(frame.payload) + "\n";
    case OutputFormat::kJson:
      return json_line(number, frame);
  }
  return {};
}

}  // namespace framespec::client
