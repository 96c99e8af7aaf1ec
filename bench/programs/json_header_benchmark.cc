// Reading the JSON header: ours, nlohmann's DOM and SAX, and simdjson's DOM as the yardstick.
//
// They do not do the same work: only ours refuses duplicate keys, digits lost in a double, unsafe
// file names and wrong digests' forms. What all do is read the three values.
//
// Names are GROUP/CASE/CONTENDER; within a case the contender called yardstick_* is what the others
// are divided by (bench/programs/ratios.py).
#include <benchmark/benchmark.h>
#include <simdjson.h>

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "framespec/json_header.h"

namespace framespec::bench {
namespace {

const JsonHeader kHeader{"musibii.jpg", "165069c8f668edb6b48f208f7a5c6a00", 1234567890123};

/// The header with as many further keys as make it `size` bytes long or a little more.
std::string make_header(std::size_t size) {
  std::string text = encode_json_header(kHeader);
  for (int i = 0; text.size() < size; ++i) {
    text.pop_back();
    text += ", \"extension_" + std::to_string(i) + R"(": "0123456789abcdef"})";
  }
  return text;
}

void check(benchmark::State& state, std::string_view filename, std::string_view md5,
           std::uint64_t total_size) {
  if (filename != kHeader.filename || md5 != kHeader.md5 || total_size != kHeader.total_size) {
    state.SkipWithError("a value is read wrong");
  }
}

void report(benchmark::State& state, const std::string& text) {
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

void parse_ours(benchmark::State& state, const std::string& text) {
  for (auto _ : state) {
    const auto header = parse_json_header(text);
    if (!header) {
      state.SkipWithError("the header is refused");
      return;
    }
    check(state, header->filename, header->md5, header->total_size);
  }
  report(state, text);
}

void parse_nlohmann_dom(benchmark::State& state, const std::string& text) {
  for (auto _ : state) {
    const auto document = nlohmann::json::parse(text);
    const JsonHeader header{document["filename"], document["md5"], document["total_size"]};
    check(state, header.filename, header.md5, header.total_size);
  }
  report(state, text);
}

/// Keeps the three values of the outermost object and nothing else.
class HeaderHandler : public nlohmann::json_sax<nlohmann::json> {
 public:
  JsonHeader header;

  bool key(std::string& name) override {
    key_ = name;
    return true;
  }
  bool string(std::string& value) override {
    if (key_ == "filename") {
      header.filename = std::move(value);
    } else if (key_ == "md5") {
      header.md5 = std::move(value);
    }
    return true;
  }
  bool number_unsigned(std::uint64_t value) override {
    if (key_ == "total_size") header.total_size = value;
    return true;
  }
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(std::int64_t) override { return true; }
  bool number_float(double, const std::string&) override { return true; }
  bool binary(nlohmann::json::binary_t&) override { return true; }
  bool start_object(std::size_t) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

 private:
  std::string key_;
};

void parse_nlohmann_sax(benchmark::State& state, const std::string& text) {
  for (auto _ : state) {
    HeaderHandler handler;
    if (!nlohmann::json::sax_parse(text, &handler)) state.SkipWithError("the header is refused");
    check(state, handler.header.filename, handler.header.md5, handler.header.total_size);
  }
  report(state, text);
}

void parse_simdjson(benchmark::State& state, const std::string& text) {
  simdjson::dom::parser parser;
  const simdjson::padded_string padded(text);
  for (auto _ : state) {
    simdjson::dom::element document;
    std::string_view filename;
    std::string_view md5;
    std::uint64_t total_size = 0;
    if (parser.parse(padded).get(document) != simdjson::SUCCESS ||
        document["filename"].get(filename) != simdjson::SUCCESS ||
        document["md5"].get(md5) != simdjson::SUCCESS ||
        document["total_size"].get(total_size) != simdjson::SUCCESS) {
      state.SkipWithError("the header is refused");
      return;
    }
    check(state, filename, md5, total_size);
  }
  report(state, text);
}

}  // namespace

void register_all() {
  for (const std::size_t size : {0U, 266U, 514U}) {
    const auto text = std::make_shared<std::string>(make_header(size));
    const std::string name = "json_header/" + std::to_string(text->size()) + "B/";
    const auto add = [&](const char* contender, auto function) {
      benchmark::RegisterBenchmark(
          (name + contender).c_str(),
          [text, function](benchmark::State& state) { function(state, *text); });
    };
    add("yardstick_simdjson_dom", parse_simdjson);
    add("framespec", parse_ours);
    add("nlohmann_sax", parse_nlohmann_sax);
    add("nlohmann_dom", parse_nlohmann_dom);
  }
}

}  // namespace framespec::bench
