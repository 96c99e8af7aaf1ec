# For a test that is a script of CMake's: WORK_DIR becomes a folder of this run alone, as the test may run more than once at the
# same time, and is removed where a command fails. Whoever passes removes it.
string(RANDOM LENGTH 16 name)
set(WORK_DIR ${WORK_DIR}/${name})

function(fail text)
  file(REMOVE_RECURSE ${WORK_DIR})
  message(FATAL_ERROR "${text}")
endfunction()

# Leaves what the command said, on standard output and error, in `output`.
function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  string(REPLACE ";" " " command "${ARGV}")
  if(NOT result EQUAL 0)
    fail("'${command}' ended with ${result}:\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

function(run_without_warning)
  run(${ARGV})
  string(REPLACE ";" " " command "${ARGV}")
  if(output MATCHES "[Ww]arning")
    fail("'${command}' warns:\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()
