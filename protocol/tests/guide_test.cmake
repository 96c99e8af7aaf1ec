# Runs the guide's two programs: the naive one must print what the guide says, the mended one "ok" throughout.
# Expects NAIVE, MENDED, EXPECTED.
execute_process(COMMAND ${NAIVE} OUTPUT_VARIABLE output RESULT_VARIABLE result)
file(READ ${EXPECTED} expected)
if(NOT output STREQUAL expected OR NOT result EQUAL 1)
  message(FATAL_ERROR "the naive deframer ended with ${result} and printed\n${output}\nbut the guide shows\n${expected}")
endif()
execute_process(COMMAND ${MENDED} OUTPUT_VARIABLE output RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "the mended deframer ended with ${result} and printed\n${output}")
endif()
