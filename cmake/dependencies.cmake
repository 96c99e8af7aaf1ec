# All of them come from Debian's packages; ci/setup installs them.
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(nlohmann_json 3.11 REQUIRED)
if(FRAMESPEC_BUILD_SERVER OR FRAMESPEC_BUILD_CLIENT OR FRAMESPEC_BUILD_CONFORMANCE)
  find_package(CLI11 REQUIRED)
  find_package(fmt REQUIRED)
  find_package(spdlog REQUIRED)
  find_path(FRAMESPEC_ASIO_INCLUDE_DIR asio.hpp REQUIRED)
  add_library(framespec_asio INTERFACE)
  target_include_directories(framespec_asio SYSTEM INTERFACE ${FRAMESPEC_ASIO_INCLUDE_DIR})
  # Asio 1.22 does not recognise clang's standard coroutines by itself.
  target_compile_definitions(framespec_asio INTERFACE
    ASIO_STANDALONE ASIO_NO_DEPRECATED
    $<$<CXX_COMPILER_ID:Clang>:ASIO_HAS_CO_AWAIT ASIO_HAS_STD_COROUTINE>)
  target_link_libraries(framespec_asio INTERFACE Threads::Threads)
endif()
if(FRAMESPEC_BUILD_TESTS)
  find_package(GTest REQUIRED)
  include(GoogleTest)
  # Debian's own interpreter sees Debian's python3-jsonschema; one earlier in PATH may not.
  if(EXISTS /usr/bin/python3)
    set(Python3_EXECUTABLE /usr/bin/python3 CACHE FILEPATH "Python for the tests")
  endif()
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
endif()
if(FRAMESPEC_BUILD_BENCH)
  find_package(benchmark REQUIRED)
endif()
