# Writes a source file that holds all suite files, the rules that no run can show and SPEC.md, so that a program finds them
# wherever it is installed. Run as a script: cmake -DOUTPUT=… -DSPEC=… -DNOT_OBSERVABLE=… -DSUITES=a.json,b.json -P embed_suites.cmake
string(REPLACE "," ";" SUITES "${SUITES}")
set(entries "")
foreach(suite IN LISTS SUITES)
  get_filename_component(name "${suite}" NAME)
  file(READ "${suite}" text)
  string(APPEND entries "    {\"${name}\", R\"framespec(${text})framespec\"},\n")
endforeach()
file(READ "${SPEC}" spec)
file(READ "${NOT_OBSERVABLE}" not_observable)
file(WRITE "${OUTPUT}" "// Written by embed_suites.cmake from the suite files and SPEC.md.
#include \"suite/embedded.h\"

#include <array>

namespace framespec::conformance {
namespace {

constexpr auto kSuites = std::to_array<EmbeddedSuite>({
${entries}});

constexpr std::string_view kSpec = R\"framespec(${spec})framespec\";

constexpr std::string_view kNotObservable = R\"framespec(${not_observable})framespec\";

}  // namespace

std::span<const EmbeddedSuite> embedded_suites() noexcept { return kSuites; }
std::string_view embedded_spec() noexcept { return kSpec; }
std::string_view embedded_not_observable() noexcept { return kNotObservable; }

}  // namespace framespec::conformance
")
