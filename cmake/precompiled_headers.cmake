# What most sources include, compiled once: the builds with sanitizers take half as long. Without sanitizers only the tests
# have it, so that a header that a source forgets to include is still missed; of tests the linter tells, which has none.
if(FRAMESPEC_FUZZ_ENGINE OR NOT FRAMESPEC_BUILD_TESTS OR NOT FRAMESPEC_BUILD_CONFORMANCE)
  return()
endif()

file(WRITE ${PROJECT_BINARY_DIR}/precompiled.cc "")
function(framespec_precompile name)
  add_library(${name} OBJECT ${PROJECT_BINARY_DIR}/precompiled.cc)
  target_link_libraries(${name} PRIVATE framespec_options)
  target_precompile_headers(${name} PRIVATE ${ARGN} <nlohmann/json.hpp>
    <algorithm> <array> <charconv> <chrono> <expected> <filesystem> <fstream> <functional> <map> <memory> <optional>
    <set> <span> <sstream> <string> <thread> <variant> <vector>)
  framespec_compile_with_precompiled_headers(${name})
endfunction()

# So that ccache, where it is used, can tell when the headers are the same (ci/build).
function(framespec_compile_with_precompiled_headers target)
  target_compile_options(${target} PRIVATE
    $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess> $<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>)
endfunction()

# Tests wait, or are busy in the libraries that they test: to optimise their own code takes longer than it saves. Those
# below spend their time in what they include.
set(framespec_busy_tests
  framespec_delivery_load_tests protocol_memory_tests protocol_segmentation_tests protocol_vector_tests
  suite_case_tests suite_plan_tests)

if(FRAMESPEC_SANITIZE)
  framespec_precompile(framespec_precompiled <fmt/format.h>)
endif()
framespec_precompile(framespec_precompiled_tests <gtest/gtest.h>)
target_link_libraries(framespec_precompiled_tests PRIVATE GTest::gtest)
if(NOT FRAMESPEC_SANITIZE)
  target_compile_options(framespec_precompiled_tests PRIVATE -O0)
endif()

# For every target that is compiled with the same options.
function(framespec_use_precompiled_headers directory)
  get_property(targets DIRECTORY ${directory} PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target IN LISTS targets)
    get_target_property(type ${target} TYPE)
    get_target_property(linked ${target} LINK_LIBRARIES)
    if(NOT type MATCHES "^(EXECUTABLE|STATIC_LIBRARY|OBJECT_LIBRARY)$" OR NOT framespec_options IN_LIST linked)
      continue()
    endif()
    if("${linked}" MATCHES "GTest::")
      if(FRAMESPEC_SANITIZE OR NOT target IN_LIST framespec_busy_tests)
        target_precompile_headers(${target} REUSE_FROM framespec_precompiled_tests)
        framespec_compile_with_precompiled_headers(${target})
        if(NOT FRAMESPEC_SANITIZE)
          target_compile_options(${target} PRIVATE -O0)
        endif()
      endif()
    elseif(FRAMESPEC_SANITIZE AND NOT framespec_busy IN_LIST linked)  # but for the optimised ones
      target_precompile_headers(${target} REUSE_FROM framespec_precompiled)
      framespec_compile_with_precompiled_headers(${target})
    endif()
  endforeach()
  get_property(inner DIRECTORY ${directory} PROPERTY SUBDIRECTORIES)
  foreach(each IN LISTS inner)
    framespec_use_precompiled_headers(${each})
  endforeach()
endfunction()

foreach(room IN ITEMS protocol reference_server reference_client conformance fuzz bench manual)
  if(IS_DIRECTORY ${PROJECT_BINARY_DIR}/${room})
    framespec_use_precompiled_headers(${PROJECT_SOURCE_DIR}/${room})
  endif()
endforeach()
