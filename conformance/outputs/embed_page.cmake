# Joins the parts of a page's script, and of its style, and writes a source file that holds both.
# Run as a script: cmake -DOUTPUT=… -DSCRIPTS=a.js,b.js -DSTYLES=a.css -P embed_page.cmake
function(joined files result)
  string(REPLACE "," ";" files "${files}")
  set(all "")
  foreach(file IN LISTS files)
    file(READ "${file}" text)
    string(APPEND all "${text}")
  endforeach()
  if(all MATCHES "</")
    message(FATAL_ERROR "the parts of the page must not hold what ends an element: ${CMAKE_MATCH_0}")
  endif()
  set(${result} "${all}" PARENT_SCOPE)
endfunction()

joined("${SCRIPTS}" script)
joined("${STYLES}" style)
string(SHA256 script_sha256 "${script}")
string(SHA256 style_sha256 "${style}")
file(WRITE "${OUTPUT}" "// Written by embed_page.cmake from the files in html/.
#include \"outputs/page_assets.h\"

namespace framespec::conformance {
namespace {

constexpr std::string_view kScript = R\"framespec(${script})framespec\";

constexpr std::string_view kStyle = R\"framespec(${style})framespec\";

}  // namespace

PageAsset page_script() noexcept { return {.text = kScript, .sha256 = \"${script_sha256}\"}; }
PageAsset page_style() noexcept { return {.text = kStyle, .sha256 = \"${style_sha256}\"}; }

}  // namespace framespec::conformance
")
