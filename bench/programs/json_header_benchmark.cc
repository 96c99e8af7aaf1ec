// Reading and writing the JSON header, beside what others need for the same values.
//
// Names are GROUP/CASE/CONTENDER; within a case the contender called yardstick_* is what the others
// are divided by (bench/programs/ratios.py).
#include <benchmark/benchmark.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "framespec/json_header.h"
#include "json_readers.h"

namespace framespec::bench {
namespace {

const JsonHeader kHeader{"musibii.jpg", "165069c8f668edb6b48f208f7a5c6a00", 1234567890123};

struct HeaderText {
  std::string name;
  std::string text;
  bool is_legal = true;
};

/// The header with `members` behind its own.
std::string header_with(const std::string& members) {
  std::string text = encode_json_header(kHeader);
  text.pop_back();
  return text + members + "}";
}

/// The header with as many further keys as make it `size` bytes long or a little more.
HeaderText header_of_size(std::size_t size) {
  std::string members;
  for (int i = 0; header_with(members).size() < size; ++i) {
    members += ", \"extension_" + std::to_string(i) + R"(": "0123456789abcdef")";
  }
  const std::string text = header_with(members);
  return {"json_header/" + std::to_string(text.size()) + "B/", text};
}

/// Headers that a peer sends who wishes the receiver to work.
std::vector<HeaderText> hostile_headers() {
  std::string keys;
  for (int i = 0; i < 200; ++i) keys += ", \"unknown_" + std::to_string(i) + "\": 0";
  std::string escapes;
  for (int i = 0; i < 256; ++i) escapes += i % 2 == 0 ? "\\u00e9" : "\\n";
  const std::string digits = "11111111111111111111111111111111111111";
  std::string too_large = encode_json_header(kHeader);
  too_large.replace(too_large.find("1234567890123"), 13, digits);
  return {
      {"json_header_hostile/deep/",
       header_with(R"(, "x": )" + std::string(15, '[') + std::string(15, ']'))},
      {"json_header_hostile/200_unknown_keys/", header_with(keys)},
      {"json_header_hostile/256_escapes/", header_with(R"(, "x": ")" + escapes + "\"")},
      {"json_header_hostile/38_digits/", too_large, false},
  };
}

template <class Reader>
void read_header(benchmark::State& state, const HeaderText& header) {
  Reader reader(header.text);
  const HeaderValues expected{kHeader.filename, kHeader.md5, kHeader.total_size};
  for (auto _ : state) {
    HeaderValues values;
    const bool is_legal = reader.read(values);
    if (is_legal != header.is_legal || (is_legal && values != expected)) {
      state.SkipWithError(header.is_legal ? "a value is read wrong" : "the header is not refused");
      return;
    }
  }
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(header.text.size()));
}

void register_readers(const HeaderText& header) {
  const auto shared = std::make_shared<HeaderText>(header);
  const auto add = [&](const char* contender, auto function) {
    benchmark::RegisterBenchmark(
        (header.name + contender).c_str(),
        [shared, function](benchmark::State& state) { function(state, *shared); });
  };
  add("yardstick_simdjson_dom", read_header<SimdjsonDomReader>);
  add("framespec", read_header<FramespecReader>);
  add("simdjson_on_demand", read_header<SimdjsonOnDemandReader>);
  add("rapidjson_sax", read_header<RapidjsonSaxReader>);
  add("nlohmann_sax", read_header<NlohmannSaxReader>);
  add("nlohmann_dom", read_header<NlohmannDomReader>);
}

std::string write_by_appending(const JsonHeader& header) {
  return R"({"filename": ")" + header.filename + R"(", "md5": ")" + header.md5 +
         R"(", "total_size": )" + std::to_string(header.total_size) + "}";
}

std::string write_by_nlohmann(const JsonHeader& header) {
  return nlohmann::json{
      {"filename", header.filename}, {"md5", header.md5}, {"total_size", header.total_size}}
      .dump(-1, ' ', true);
}

std::string write_by_rapidjson(const JsonHeader& header) {
  const auto size_of = [](const std::string& text) { return static_cast<unsigned>(text.size()); };
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  writer.StartObject();
  writer.Key("filename");
  writer.String(header.filename.c_str(), size_of(header.filename));
  writer.Key("md5");
  writer.String(header.md5.c_str(), size_of(header.md5));
  writer.Key("total_size");
  writer.Uint64(header.total_size);
  writer.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

/// `write` is right if what it wrote is read as the same header.
template <std::string (*write)(const JsonHeader&)>
void write_header(benchmark::State& state) {
  if (parse_json_header(write(kHeader)) != kHeader) {
    state.SkipWithError("the header is written wrong");
    return;
  }
  for (auto _ : state) benchmark::DoNotOptimize(write(kHeader));
  state.SetItemsProcessed(state.iterations());
}

}  // namespace

void register_all() {
  for (const std::size_t size : {0U, 266U, 514U}) register_readers(header_of_size(size));
  for (const HeaderText& header : hostile_headers()) register_readers(header);
  using benchmark::RegisterBenchmark;
  RegisterBenchmark("json_header_write/99B/yardstick_append", write_header<write_by_appending>);
  RegisterBenchmark("json_header_write/99B/framespec", write_header<encode_json_header>);
  RegisterBenchmark("json_header_write/99B/rapidjson", write_header<write_by_rapidjson>);
  RegisterBenchmark("json_header_write/99B/nlohmann", write_header<write_by_nlohmann>);
}

}  // namespace framespec::bench
