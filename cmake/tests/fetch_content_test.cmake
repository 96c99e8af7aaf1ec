# Builds a project that fetches framespec, from ROOT instead of the network: it gets the library alone, is not warned of
# anything, and tests and installs nothing but its own.
# Expects ROOT, SOURCE_DIR, WORK_DIR, CXX, LAUNCHER.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/scratch_folder.cmake)

# As one source: the library is built from nothing each time.
run_without_warning(${CMAKE_COMMAND} -S ${SOURCE_DIR}/fetch_content -B ${WORK_DIR}/toy -G Ninja
    -DFETCHCONTENT_SOURCE_DIR_FRAMESPEC=${ROOT} -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}
    -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=0)
run_without_warning(${CMAKE_COMMAND} --build ${WORK_DIR}/toy)
run(${WORK_DIR}/toy/toy)
if(NOT output STREQUAL "hello\nworld\n")
  fail("the toy project printed '${output}'")
endif()
run(${CMAKE_CTEST_COMMAND} --test-dir ${WORK_DIR}/toy -N)
if(NOT output MATCHES "Total Tests: 1\n")
  fail("the toy project has other tests than its own:\n${output}")
endif()
file(GLOB_RECURSE programs RELATIVE ${WORK_DIR}/toy ${WORK_DIR}/toy/framespec* ${WORK_DIR}/toy/*_tests)
if(NOT programs STREQUAL "")
  fail("more than the library was built: ${programs}")
endif()
run_without_warning(${CMAKE_COMMAND} --install ${WORK_DIR}/toy --prefix ${WORK_DIR}/prefix)
file(GLOB_RECURSE installed RELATIVE ${WORK_DIR}/prefix ${WORK_DIR}/prefix/*)
if(NOT installed STREQUAL "bin/toy")
  fail("installed beside the toy: ${installed}")
endif()
file(REMOVE_RECURSE ${WORK_DIR})
