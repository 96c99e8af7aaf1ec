# Compiles the files of dialects/ into the library. Two parts in one file: included, it defines the rule that writes
# embedded_dialects.cc; run with cmake -P, it writes it.

if(CMAKE_SCRIPT_MODE_FILE)  # with DIALECTS, their names, and OUTPUT
  set(text "// Written by embed_dialects.cmake from protocol/dialects/*.json: change those.\n")
  string(APPEND text "#include \"embedded_dialects.h\"\n\n#include <array>\n\nnamespace framespec {\n\n")
  list(LENGTH DIALECTS count)
  string(APPEND text "std::span<const EmbeddedDialect> embedded_dialects() noexcept {\n"
    "  static constexpr std::array<EmbeddedDialect, ${count}> kDialects{{\n")
  foreach(name IN LISTS DIALECTS)
    file(READ ${CMAKE_CURRENT_LIST_DIR}/dialects/${name}.json content)
    string(APPEND text "      {\"${name}\", R\"__DIALECT__(${content})__DIALECT__\"},\n")
  endforeach()
  string(APPEND text "  }};\n  return kDialects;\n}\n\n}  // namespace framespec\n")
  file(WRITE ${OUTPUT} "${text}")
  return()
endif()

# The order is that of shipped_dialects(): the seven of SPEC.md, which are these for ever, then all others by name.
set(framespec_dialects int32 int64 json int32be int64be uint16be varint)
file(GLOB framespec_dialect_files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/dialects/*.json)
list(FILTER framespec_dialect_files EXCLUDE REGEX "\\.schema\\.json$")
set(framespec_other_dialects ${framespec_dialect_files})
list(TRANSFORM framespec_other_dialects REPLACE "^.*/(.*)\\.json$" "\\1")
list(REMOVE_ITEM framespec_other_dialects ${framespec_dialects})
list(SORT framespec_other_dialects)
list(APPEND framespec_dialects ${framespec_other_dialects})

set(FRAMESPEC_EMBEDDED_DIALECTS_CC ${CMAKE_CURRENT_BINARY_DIR}/embedded_dialects.cc)
add_custom_command(
  OUTPUT ${FRAMESPEC_EMBEDDED_DIALECTS_CC}
  COMMAND ${CMAKE_COMMAND} "-DDIALECTS=${framespec_dialects}" -DOUTPUT=${FRAMESPEC_EMBEDDED_DIALECTS_CC}
    -P ${CMAKE_CURRENT_LIST_FILE}
  DEPENDS ${framespec_dialect_files} ${CMAKE_CURRENT_LIST_FILE}
  COMMENT "Embedding the dialect files"
  VERBATIM)
