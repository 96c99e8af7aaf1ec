# The tests of dialects: the loader, the schema, and the samples of real protocols.
framespec_protocol_test(protocol_dialect_tests
  dialect_test.cc
  dialect_file_test.cc)
target_link_libraries(protocol_dialect_tests PRIVATE nlohmann_json::nlohmann_json)
target_include_directories(protocol_dialect_tests PRIVATE ${PROJECT_SOURCE_DIR}/protocol/src)
target_compile_definitions(protocol_dialect_tests PRIVATE
  FRAMESPEC_DIALECT_FILE_CASES="${CMAKE_CURRENT_SOURCE_DIR}/dialect_file_cases.json"
  FRAMESPEC_DIALECTS_DIR="${PROJECT_SOURCE_DIR}/protocol/dialects")

framespec_protocol_test(protocol_dialect_sample_tests dialect_sample_test.cc)
target_link_libraries(protocol_dialect_sample_tests PRIVATE nlohmann_json::nlohmann_json)
target_compile_definitions(protocol_dialect_sample_tests PRIVATE
  FRAMESPEC_SAMPLES_DIR="${PROJECT_SOURCE_DIR}/protocol/samples")

add_test(NAME protocol/dialect_guide
  COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/dialect_guide_test.py)
set_tests_properties(protocol/dialect_guide PROPERTIES TIMEOUT 300)
