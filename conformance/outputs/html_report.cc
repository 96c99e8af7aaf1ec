#include "outputs/html_report.h"

#include <fmt/format.h>

#include <charconv>
#include <string_view>

#include "outputs/html_data.h"
#include "outputs/html_summary.h"
#include "outputs/page_assets.h"
#include "outputs/page_packing.h"
#include "outputs/xml_writer.h"

namespace framespec::conformance {
namespace {

// Less than that is left as it is, to be found by who looks into the file.
constexpr std::size_t kPlainMax = std::size_t{64} * 1024;

/// As a policy names the only script, or style, that it allows.
std::string source_of(const PageAsset& asset) {
  std::string bytes;
  for (std::size_t at = 0; at + 1 < asset.sha256.size(); at += 2) {
    unsigned value = 0;
    std::from_chars(asset.sha256.data() + at, asset.sha256.data() + at + 2, value, 16);
    bytes += static_cast<char>(value);
  }
  return fmt::format("'sha256-{}'", base64(bytes));
}

std::string data_element(const std::vector<HtmlSubject>& subjects) {
  const std::string json = script_json(html_data(subjects));
  if (json.size() <= kPlainMax) {
    return fmt::format("<script id=\"data\" type=\"application/json\">{}</script>\n", json);
  }
  return fmt::format(
      "<script id=\"data\" type=\"text/plain\" data-packed=\"deflate\">{}</script>\n",
      base64(deflated(json)));
}

std::string name_of_run(const RunResult& run) {
  const std::string& value = run.testee.value;
  return value.empty() ? std::string(name_of(run.testee.kind)) : value;
}

}  // namespace

std::string html_report(const std::vector<HtmlSubject>& subjects,
                        const std::vector<std::string>& not_run) {
  const PageAsset script = page_script();
  const PageAsset style = page_style();
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src {}; "
      "style-src {}; connect-src 'none'; base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n{}{}<script>{}</script>\n</body>\n"
      "</html>\n",
      source_of(script), source_of(style), xml_text(html_title(subjects)), style.text,
      html_summary(subjects, not_run), data_element(subjects), script.text);
}

std::string html_report(const RunResult& run, const Comparison* changes,
                        const std::string& earlier) {
  return html_report({HtmlSubject{.name = name_of_run(run),
                                  .implementation = {},
                                  .run = &run,
                                  .changes = changes,
                                  .earlier = earlier}});
}

}  // namespace framespec::conformance
