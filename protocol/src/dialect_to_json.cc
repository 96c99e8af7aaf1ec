// to_json: from a dialect to the text of a dialect file.
#include <nlohmann/json.hpp>

#include "framespec/dialect.h"
#include "framespec/hex.h"

namespace framespec {
namespace {

using nlohmann::ordered_json;

ordered_json length_to_json(const LengthField& length) {
  ordered_json json;
  const bool is_varint = length.encoding == LengthEncoding::kVarint;
  json["encoding"] = is_varint ? "varint" : "fixed";
  json["width"] = length.width;
  if (is_varint) {
    json["shortest"] = length.is_shortest;
  } else {
    json["order"] = length.order == ByteOrder::kLittle ? "little" : "big";
    json["signed"] = length.is_signed;
  }
  json["adjustment"] = length.adjustment;
  json["unit"] = length.unit;
  json["reserved"] = length.reserved;
  return json;
}

}  // namespace

std::string to_json(const Dialect& dialect) {
  ordered_json json;
  json["name"] = dialect.name;
  json["description"] = dialect.description;
  if (!dialect.lead.empty()) {
    json["lead"]["bytes"] = write_hex(dialect.lead);
    json["lead"]["mask"] = write_hex(dialect.lead_mask);
  }
  json["length"] = length_to_json(dialect.length);
  if (dialect.header == HeaderKind::kJson) {
    json["header"]["kind"] = "json";
    json["header"]["maximum"] = dialect.header_size_max;
    json["header"]["depth"] = dialect.header_depth_max;
  } else {
    json["header"] = "none";
  }
  json["payload"]["minimum"] = dialect.payload_size_min;
  json["payload"]["maximum"] = dialect.payload_size_max;
  json["payload"]["zero"] = dialect.zero == ZeroRule::kLegal ? "legal" : "illegal";
  if (!dialect.trailer.empty()) json["trailer"] = write_hex(dialect.trailer);
  json["requests"] = dialect.requests == RequestFraming::kRaw ? "raw" : "framed";
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace framespec
