// Writes XML. What is needed of it is so little (elements, attributes, text, and that nothing in a
// text is markup or no character of XML) that a library would be more to know than this is.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace framespec::conformance {

class XmlWriter {
 public:
  using Attribute = std::pair<std::string_view, std::string>;

  /// Begins an element inside the one that is open. Names are those of a schema, and right.
  void open(std::string_view name, std::initializer_list<Attribute> attributes = {});
  /// Ends the element that was opened last.
  void close();
  /// An element with nothing in it.
  void empty(std::string_view name, std::initializer_list<Attribute> attributes);
  /// An element with nothing but text.
  void text_element(std::string_view name, std::initializer_list<Attribute> attributes,
                    std::string_view text);

  /// The document. All elements have been closed.
  [[nodiscard]] std::string document() &&;

 private:
  void begin(std::string_view name, std::initializer_list<Attribute> attributes);

  std::string text_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  std::vector<std::string> open_;
};

/// `text` as it may stand in XML, in an attribute too: what is no character of XML is written as
/// printable() shows it.
[[nodiscard]] std::string xml_text(std::string_view text);

}  // namespace framespec::conformance
