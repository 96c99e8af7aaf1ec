# Writes a source file that holds the parts of a dissector that are the same for all dialects.
# Run as a script: cmake -DOUTPUT=… -DFOLDER=… -P embed_dissector.cmake
file(READ "${FOLDER}/dissector.lua" dissector)
file(READ "${FOLDER}/json_header.lua" json_header)
file(WRITE "${OUTPUT}" "// Written by embed_dissector.cmake.
#include \"outputs/embedded_dissector.h\"

namespace framespec::conformance {

std::string_view embedded_dissector() noexcept { return R\"framespec(${dissector})framespec\"; }
std::string_view embedded_json_header() noexcept { return R\"framespec(${json_header})framespec\"; }

}  // namespace framespec::conformance
")
