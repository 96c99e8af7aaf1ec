# What most sources include, compiled once: the builds with sanitizers take half as long. Those without have none, so that
# a header that a source forgets to include is still missed.
if(NOT FRAMESPEC_SANITIZE OR FRAMESPEC_FUZZ_ENGINE OR NOT FRAMESPEC_BUILD_TESTS OR NOT FRAMESPEC_BUILD_CONFORMANCE)
  return()
endif()

file(WRITE ${PROJECT_BINARY_DIR}/precompiled.cc "")
function(framespec_precompile name)
  add_library(${name} OBJECT ${PROJECT_BINARY_DIR}/precompiled.cc)
  target_link_libraries(${name} PRIVATE framespec_options)
  target_precompile_headers(${name} PRIVATE ${ARGN} <nlohmann/json.hpp> <fmt/format.h>
    <algorithm> <chrono> <expected> <filesystem> <functional> <optional> <string> <thread> <variant> <vector>)
endfunction()
framespec_precompile(framespec_precompiled)
framespec_precompile(framespec_precompiled_tests <gtest/gtest.h>)
target_link_libraries(framespec_precompiled_tests PRIVATE GTest::gtest)

# For every target that is compiled with the same options: all but the optimised ones.
function(framespec_use_precompiled_headers directory)
  get_property(targets DIRECTORY ${directory} PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target IN LISTS targets)
    get_target_property(type ${target} TYPE)
    get_target_property(linked ${target} LINK_LIBRARIES)
    if(type MATCHES "^(EXECUTABLE|STATIC_LIBRARY|OBJECT_LIBRARY)$" AND framespec_options IN_LIST linked
       AND NOT framespec_busy IN_LIST linked)
      if("${linked}" MATCHES "GTest::")
        target_precompile_headers(${target} REUSE_FROM framespec_precompiled_tests)
      else()
        target_precompile_headers(${target} REUSE_FROM framespec_precompiled)
      endif()
    endif()
  endforeach()
  get_property(inner DIRECTORY ${directory} PROPERTY SUBDIRECTORIES)
  foreach(each IN LISTS inner)
    framespec_use_precompiled_headers(${each})
  endforeach()
endfunction()

foreach(room IN ITEMS protocol reference_server reference_client conformance fuzz bench)
  if(IS_DIRECTORY ${PROJECT_BINARY_DIR}/${room})
    framespec_use_precompiled_headers(${PROJECT_SOURCE_DIR}/${room})
  endif()
endforeach()
