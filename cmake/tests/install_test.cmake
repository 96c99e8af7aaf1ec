# Installs the build tree into a fresh prefix, builds the toy project against that prefix alone and runs it;
# then checks that programs, suites, schemas and dialects are where a user looks for them.
# Expects BUILD_DIR, SOURCE_DIR, WORK_DIR, CXX, CONFIG, DATADIR, BINDIR, PROGRAMS, EXPECT_FILES.
cmake_minimum_required(VERSION 3.25)
# A folder of this run alone: the test may run more than once at the same time.
string(RANDOM LENGTH 16 name)
set(WORK_DIR ${WORK_DIR}/${name})

function(fail text)
  file(REMOVE_RECURSE ${WORK_DIR})
  message(FATAL_ERROR "${text}")
endfunction()

function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    string(REPLACE ";" " " command "${ARGV}")
    fail("'${command}' ended with ${result}:\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

run(${CMAKE_COMMAND} --install ${BUILD_DIR} --prefix ${WORK_DIR}/prefix)
run(${CMAKE_COMMAND} -S ${SOURCE_DIR}/find_package -B ${WORK_DIR}/toy -G Ninja
    -DCMAKE_PREFIX_PATH=${WORK_DIR}/prefix -DCMAKE_CXX_COMPILER=${CXX} "-DCMAKE_CXX_FLAGS=${CXX_FLAGS}")
run(${CMAKE_COMMAND} --build ${WORK_DIR}/toy)
run(${WORK_DIR}/toy/toy)
if(NOT output STREQUAL "hello\nworld\n")
  fail("the toy project printed '${output}'")
endif()

foreach(program IN LISTS PROGRAMS)
  run(${WORK_DIR}/prefix/${BINDIR}/${program} --version)
endforeach()
foreach(file IN LISTS EXPECT_FILES)
  if(NOT EXISTS ${WORK_DIR}/prefix/${DATADIR}/framespec/${file})
    fail("not installed: ${DATADIR}/framespec/${file}")
  endif()
endforeach()
# The installed runner finds its suites without the source or build tree.
if("framespec" IN_LIST PROGRAMS)
  run(${WORK_DIR}/prefix/${BINDIR}/framespec list --dialect int32)
  if(NOT output MATCHES "segmentation/int32/")
    fail("the installed framespec lists no case:\n${output}")
  endif()
  run(${WORK_DIR}/prefix/${BINDIR}/framespec-ci --reports ${WORK_DIR}/reports run --help)
endif()
file(REMOVE_RECURSE ${WORK_DIR})
