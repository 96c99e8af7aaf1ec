// Those who read a JSON header, each in its own best way, behind one interface: Reader(text) and
// read(values), which says whether the header is one, and sets the three values if so. What
// `values` views lives as long as the reader, until its next read().
//
// They do not do the same work: only framespec refuses duplicate keys, unsafe file names and wrong
// digests' forms, and simdjson's On-Demand does not look at what it skips.
#pragma once

#include <rapidjson/reader.h>
#include <simdjson.h>

#include <cstdint>
#include <expected>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "framespec/json_header.h"

namespace framespec::bench {

struct HeaderValues {
  std::string_view filename;
  std::string_view md5;
  std::uint64_t total_size = 0;

  bool operator==(const HeaderValues&) const = default;
};

class FramespecReader {
 public:
  explicit FramespecReader(const std::string& text) : text_(text) {}
  bool read(HeaderValues& values) {
    header_ = parse_json_header(text_);
    if (header_) values = {header_->filename, header_->md5, header_->total_size};
    return header_.has_value();
  }

 private:
  const std::string& text_;
  std::expected<JsonHeader, JsonHeaderError> header_;
};

class SimdjsonDomReader {
 public:
  explicit SimdjsonDomReader(const std::string& text) : text_(text) {}
  bool read(HeaderValues& values) {
    simdjson::dom::element document;
    return parser_.parse(text_).get(document) == simdjson::SUCCESS &&
           document["filename"].get(values.filename) == simdjson::SUCCESS &&
           document["md5"].get(values.md5) == simdjson::SUCCESS &&
           document["total_size"].get(values.total_size) == simdjson::SUCCESS;
  }

 private:
  simdjson::padded_string text_;
  simdjson::dom::parser parser_;
};

/// Goes over all members, so that at least the form of each key is seen.
class SimdjsonOnDemandReader {
 public:
  explicit SimdjsonOnDemandReader(const std::string& text) : text_(text) {}
  bool read(HeaderValues& values) {
    simdjson::ondemand::document document;
    simdjson::ondemand::object object;
    if (parser_.iterate(text_).get(document) != simdjson::SUCCESS ||
        document.get_object().get(object) != simdjson::SUCCESS) {
      return false;
    }
    int found = 0;
    for (auto field : object) {
      std::string_view key;
      if (field.unescaped_key().get(key) != simdjson::SUCCESS) return false;
      simdjson::error_code error = simdjson::SUCCESS;
      if (key == "filename") {
        error = field.value().get_string().get(values.filename);
      } else if (key == "md5") {
        error = field.value().get_string().get(values.md5);
      } else if (key == "total_size") {
        error = field.value().get_uint64().get(values.total_size);
      } else {
        continue;
      }
      if (error != simdjson::SUCCESS) return false;
      ++found;
    }
    return found == 3;
  }

 private:
  simdjson::padded_string text_;
  simdjson::ondemand::parser parser_;
};

class NlohmannDomReader {
 public:
  explicit NlohmannDomReader(const std::string& text) : text_(text) {}
  bool read(HeaderValues& values) {
    document_ = nlohmann::json::parse(text_, nullptr, false);
    if (!document_.is_object()) return false;
    const auto filename = document_.find("filename");
    const auto md5 = document_.find("md5");
    const auto total_size = document_.find("total_size");
    if (filename == document_.end() || !filename->is_string() || md5 == document_.end() ||
        !md5->is_string() || total_size == document_.end() || !total_size->is_number_unsigned()) {
      return false;
    }
    values = {filename->get_ref<const std::string&>(), md5->get_ref<const std::string&>(),
              total_size->get<std::uint64_t>()};
    return true;
  }

 private:
  const std::string& text_;
  nlohmann::json document_;
};

/// The three values of the outermost object, as a parser by events tells them: for both SAX
/// parsers.
class HeaderEvents {
 public:
  void key(std::string_view name) {
    if (depth_ == 1) key_.assign(name);
  }
  void text(std::string_view value) {
    if (depth_ != 1) return;
    if (key_ == "filename") filename_.emplace(value);
    if (key_ == "md5") md5_.emplace(value);
  }
  void number(std::uint64_t value) {
    if (depth_ == 1 && key_ == "total_size") total_size_ = value;
  }
  void open() { ++depth_; }
  void close() { --depth_; }

  bool give(HeaderValues& values) const {
    if (!filename_ || !md5_ || !total_size_) return false;
    values = {*filename_, *md5_, *total_size_};
    return true;
  }

 private:
  int depth_ = 0;
  std::string key_;
  std::optional<std::string> filename_;
  std::optional<std::string> md5_;
  std::optional<std::uint64_t> total_size_;
};

class NlohmannSaxReader {
 public:
  explicit NlohmannSaxReader(const std::string& text) : text_(text) {}
  bool read(HeaderValues& values) {
    handler_.events = {};
    return nlohmann::json::sax_parse(text_, &handler_) && handler_.events.give(values);
  }

 private:
  struct Handler : nlohmann::json_sax<nlohmann::json> {
    HeaderEvents events;

    bool key(std::string& name) override { return events.key(name), true; }
    bool string(std::string& value) override { return events.text(value), true; }
    bool number_unsigned(std::uint64_t value) override { return events.number(value), true; }
    bool start_object(std::size_t) override { return events.open(), true; }
    bool end_object() override { return events.close(), true; }
    bool start_array(std::size_t) override { return events.open(), true; }
    bool end_array() override { return events.close(), true; }
    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(std::int64_t) override { return true; }
    bool number_float(double, const std::string&) override { return true; }
    bool binary(nlohmann::json::binary_t&) override { return true; }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
      return false;
    }
  };

  const std::string& text_;
  Handler handler_;
};

class RapidjsonSaxReader {
 public:
  explicit RapidjsonSaxReader(const std::string& text) : text_(text) {}
  bool read(HeaderValues& values) {
    handler_.events = {};
    rapidjson::StringStream stream(text_.c_str());
    constexpr unsigned kFlags = rapidjson::kParseValidateEncodingFlag;
    return !reader_.Parse<kFlags>(stream, handler_).IsError() && handler_.events.give(values);
  }

 private:
  struct Handler : rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Handler> {
    HeaderEvents events;

    // The names are RapidJSON's.
    bool Key(const char* text, unsigned size, bool) { return events.key({text, size}), true; }
    bool String(const char* text, unsigned size, bool) { return events.text({text, size}), true; }
    bool Uint(unsigned value) { return events.number(value), true; }
    bool Uint64(std::uint64_t value) { return events.number(value), true; }
    bool StartObject() { return events.open(), true; }
    bool EndObject(unsigned) { return events.close(), true; }
    bool StartArray() { return events.open(), true; }
    bool EndArray(unsigned) { return events.close(), true; }
  };

  const std::string& text_;
  rapidjson::Reader reader_;
  Handler handler_;
};

}  // namespace framespec::bench
