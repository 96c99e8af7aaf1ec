#include "vector_file.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "framespec/byte_order_mark.h"
#include "framespec/hex.h"

namespace framespec {
namespace {

using nlohmann::json;

// Within this file a wrong vector is an exception; load_vectors makes a sentence of it.
[[noreturn]] void complain(const std::string& what) { throw std::invalid_argument(what); }

void allow_keys(const json& object, std::initializer_list<std::string_view> allowed) {
  for (const auto& [key, value] : object.items()) {
    if (std::find(allowed.begin(), allowed.end(), key) == allowed.end()) {
      complain("unknown key \"" + key + "\" in " + object.dump());
    }
  }
}

ByteVector decode_hex(const std::string& text) {
  auto bytes = read_hex(text);
  if (!bytes) complain("\"" + text + "\": " + bytes.error().message);
  return *std::move(bytes);
}

void append(ByteVector& out, Bytes bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

ByteVector decode_pieces(const json& pieces);

ByteVector decode_counted(const json& contents) {
  const ByteVector body = contents.is_string() ? decode_pieces(json::array({{{"text", contents}}}))
                                               : decode_pieces(contents);
  ByteVector bytes;
  for (unsigned shift = 0; shift < 32; shift += 8) {
    bytes.push_back(static_cast<std::byte>(body.size() >> shift));
  }
  append(bytes, body);
  return bytes;
}

ByteVector decode_pieces(const json& pieces) {
  ByteVector bytes;
  for (const json& piece : pieces) {
    allow_keys(piece, {"hex", "text", "counted", "times"});
    ByteVector once;
    if (piece.contains("hex")) {
      once = decode_hex(piece.at("hex").get<std::string>());
    } else if (piece.contains("text")) {
      append(once, as_bytes(piece.at("text").get_ref<const std::string&>()));
    } else {
      once = decode_counted(piece.at("counted"));
    }
    const std::size_t times = piece.value("times", std::size_t{1});
    for (std::size_t count = 0; count < times; ++count) append(bytes, once);
  }
  return bytes;
}

Dialect decode_dialect(const json& description) {
  if (description.is_string()) {
    const Dialect* const dialect = find_dialect(description.get<std::string>());
    if (dialect == nullptr) complain("no dialect is called " + description.dump());
    return *dialect;
  }
  auto dialect = parse_dialect(description.dump());
  if (!dialect) complain(to_string(dialect.error()));
  return *std::move(dialect);
}

TranscriptFrame decode_frame(const json& description) {
  allow_keys(description, {"offset", "lead", "header", "payload"});
  TranscriptFrame frame;
  frame.offset = description.at("offset").get<std::uint64_t>();
  frame.lead = decode_hex(description.value("lead", ""));
  frame.payload = decode_pieces(description.at("payload"));
  if (description.contains("header")) {
    const json& header = description.at("header");
    allow_keys(header, {"filename", "md5", "total_size"});
    frame.header = JsonHeader{.filename = header.at("filename").get<std::string>(),
                              .md5 = header.at("md5").get<std::string>(),
                              .total_size = header.at("total_size").get<std::uint64_t>()};
  }
  return frame;
}

void decode_ending(const json& description, Transcript& expected) {
  const std::string terminal = description.at("terminal").get<std::string>();
  if (terminal == "clean") {
    if (description.contains("error")) complain("a clean end has no error");
    return;
  }
  const json& error = description.at("error");
  allow_keys(error, {"kind", "offset"});
  const auto kind = error_kind_named(error.at("kind").get<std::string>());
  if (!kind) complain("no error is called " + error.at("kind").dump());
  expected.error = Error{*kind, error.at("offset").get<std::uint64_t>(), ""};
  expected.terminal =
      *kind == ErrorKind::kTruncated ? TerminalState::kTruncated : TerminalState::kRejected;
  if (terminal != name_of(expected.terminal)) complain("terminal and error do not fit together");
}

Vector decode_vector(const json& description) {
  allow_keys(description, {"name", "rules", "dialect", "digest", "bytes", "frames", "terminal",
                           "error", "detail_contains"});
  Vector vector;
  vector.rules = description.at("rules").get<std::vector<std::string>>();
  vector.dialect = decode_dialect(description.at("dialect"));
  const std::string digest = description.value("digest", "ignore");
  if (digest != "ignore" && digest != "verify") complain("digest is verify or ignore");
  vector.digest = digest == "verify" ? DigestCheck::kVerify : DigestCheck::kIgnore;
  vector.stream = decode_pieces(description.at("bytes"));
  for (const json& frame : description.at("frames")) {
    vector.expected.frames.push_back(decode_frame(frame));
  }
  decode_ending(description, vector.expected);
  vector.detail_contains = description.value("detail_contains", "");
  return vector;
}

}  // namespace

std::expected<std::vector<Vector>, std::string> load_vectors(const std::string& file_name) {
  std::vector<Vector> vectors;
  const std::string path = std::string(FRAMESPEC_VECTORS_DIR) + "/" + file_name + ".json";
  std::string where = path;
  try {
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (begins_with_byte_order_mark(text)) complain(std::string(kByteOrderMarkRefused));
    const json document = json::parse(text);
    allow_keys(document, {"$schema", "about", "vectors"});
    for (const json& description : document.at("vectors")) {
      const std::string name = description.at("name").get<std::string>();
      where.assign(path).append(", \"").append(name).append("\"");
      vectors.push_back(decode_vector(description));
      vectors.back().name = name;
    }
  } catch (const std::exception& error) {
    return std::unexpected(where + ": " + error.what());
  }
  if (vectors.empty()) return std::unexpected(path + ": no vectors");
  return vectors;
}

std::vector<std::string> vector_files() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(FRAMESPEC_VECTORS_DIR)) {
    const std::string name = entry.path().stem().string();
    if (entry.path().extension() == ".json" && !name.ends_with(".schema")) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace framespec
