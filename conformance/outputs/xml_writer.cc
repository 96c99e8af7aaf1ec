#include "outputs/xml_writer.h"

#include "framespec/printable.h"

namespace framespec::conformance {

std::string xml_text(std::string_view text) {
  std::string xml;
  for (const char letter : printable(text, Layout::kLines)) {
    switch (letter) {
      case '&':
        xml += "&amp;";
        break;
      case '<':
        xml += "&lt;";
        break;
      case '>':
        xml += "&gt;";
        break;
      case '"':
        xml += "&quot;";
        break;
      // In an attribute a reader would make spaces of them.
      case '\n':
        xml += "&#10;";
        break;
      case '\t':
        xml += "&#9;";
        break;
      default:
        xml += letter;
    }
  }
  return xml;
}

void XmlWriter::begin(std::string_view name, std::initializer_list<Attribute> attributes) {
  text_.append(open_.size(), ' ');
  text_ += '<';
  text_ += name;
  for (const auto& [attribute, value] : attributes) {
    text_ += ' ';
    text_ += attribute;
    text_ += "=\"" + xml_text(value) + '"';
  }
}

void XmlWriter::open(std::string_view name, std::initializer_list<Attribute> attributes) {
  begin(name, attributes);
  text_ += ">\n";
  open_.emplace_back(name);
}

void XmlWriter::close() {
  const std::string name = std::move(open_.back());
  open_.pop_back();
  text_.append(open_.size(), ' ');
  text_ += "</" + name + ">\n";
}

void XmlWriter::empty(std::string_view name, std::initializer_list<Attribute> attributes) {
  begin(name, attributes);
  text_ += "/>\n";
}

void XmlWriter::text_element(std::string_view name, std::initializer_list<Attribute> attributes,
                             std::string_view text) {
  begin(name, attributes);
  text_ += '>' + xml_text(text) + "</";
  text_ += name;
  text_ += ">\n";
}

std::string XmlWriter::document() && { return std::move(text_); }

}  // namespace framespec::conformance
