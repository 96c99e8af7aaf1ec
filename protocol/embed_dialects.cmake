# Compiles the dialect files into the library. Two parts in one file, because both need the list:
# included, it defines the rule that writes embedded_dialects.cc; run with cmake -P, it writes it.

# The order is that of shipped_dialects(): the seven of SPEC.md, then the real protocols by name.
set(FRAMESPEC_DIALECT_NAMES
  int32
  int64
  json
  int32be
  int64be
  uint16be
  varint
  amqp091
  bgp
  bitcoin
  cassandra-v4
  chrome-native-messaging
  chrome-native-messaging-reply
  dns-tcp
  docker-attach
  erlang-packet-1
  erlang-packet-2
  erlang-packet-4
  grpc
  http2
  kafka
  modbus-tcp
  mongodb
  mqtt
  mysql
  postgresql
  protobuf-delimited
  smb2-tcp
  ssh-agent
  thrift-framed
  tls-record
  tpkt
  twisted-int16string
  twisted-int32string
  zookeeper)

set(framespec_dialects_dir ${CMAKE_CURRENT_LIST_DIR}/dialects)

if(CMAKE_SCRIPT_MODE_FILE)
  set(text "// Written by embed_dialects.cmake from protocol/dialects/*.json: change those.\n")
  string(APPEND text "#include \"embedded_dialects.h\"\n\n#include <array>\n\nnamespace framespec {\n\n")
  list(LENGTH FRAMESPEC_DIALECT_NAMES count)
  string(APPEND text "std::span<const EmbeddedDialect> embedded_dialects() noexcept {\n"
    "  static constexpr std::array<EmbeddedDialect, ${count}> kDialects{{\n")
  foreach(name IN LISTS FRAMESPEC_DIALECT_NAMES)
    file(READ ${framespec_dialects_dir}/${name}.json content)
    string(APPEND text "      {\"${name}\", R\"__DIALECT__(${content})__DIALECT__\"},\n")
  endforeach()
  string(APPEND text "  }};\n  return kDialects;\n}\n\n}  // namespace framespec\n")
  file(WRITE ${OUTPUT} "${text}")
  return()
endif()

set(FRAMESPEC_EMBEDDED_DIALECTS_CC ${CMAKE_CURRENT_BINARY_DIR}/embedded_dialects.cc)
set(framespec_dialect_files ${FRAMESPEC_DIALECT_NAMES})
list(TRANSFORM framespec_dialect_files PREPEND ${framespec_dialects_dir}/)
list(TRANSFORM framespec_dialect_files APPEND .json)
add_custom_command(
  OUTPUT ${FRAMESPEC_EMBEDDED_DIALECTS_CC}
  COMMAND ${CMAKE_COMMAND} -DOUTPUT=${FRAMESPEC_EMBEDDED_DIALECTS_CC} -P ${CMAKE_CURRENT_LIST_FILE}
  DEPENDS ${framespec_dialect_files} ${CMAKE_CURRENT_LIST_FILE}
  COMMENT "Embedding the dialect files"
  VERBATIM)
