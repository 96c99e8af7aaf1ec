# What every target of ours is built with; linked PRIVATE, so that nothing of it reaches a user of the library.
add_library(framespec_options INTERFACE)
target_compile_features(framespec_options INTERFACE cxx_std_23)
target_compile_options(framespec_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Woverloaded-virtual -Wcast-align -Wformat=2
  $<$<BOOL:${FRAMESPEC_WERROR}>:-Werror>)
# GCC's -Wshadow sees a lambda's parameter that hides what the lambda might have captured; Clang's does not by itself.
target_compile_options(framespec_options INTERFACE $<$<CXX_COMPILER_ID:Clang>:-Wshadow-uncaptured-local>)
# Sources that are compiled as one (CONTRIBUTING.md) shadow each other's names, and seem to GCC like headers with types of
# one source; the linter, and any other build, see each by itself.
if(CMAKE_UNITY_BUILD)
  target_compile_options(framespec_options INTERFACE -Wno-shadow $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endif()
# GCC 12's library calls in stable_sort and stable_partition what it has itself marked as deprecated, which Clang tells.
target_compile_options(framespec_options INTERFACE $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>)
# GCC 12 reports -Wrestrict and -Wmaybe-uninitialized inside its own std::string and std::expected (GCC PR105651).
target_compile_options(framespec_options INTERFACE
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)

if(FRAMESPEC_PORTABLE)
  target_link_options(framespec_options INTERFACE -static-libstdc++ -static-libgcc)
endif()

if(FRAMESPEC_SANITIZE)
  # Without vptr: that check opens a pipe, and takes failing to for a bad object where descriptors have run out.
  target_compile_options(framespec_options INTERFACE
    -fsanitize=${FRAMESPEC_SANITIZE} -fno-sanitize=vptr -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(framespec_options INTERFACE -fsanitize=${FRAMESPEC_SANITIZE})
endif()

# For the libraries in which tests spend their time: the presets with sanitizers optimise nothing else, because
# building would take twice as long.
add_library(framespec_busy INTERFACE)
if(FRAMESPEC_SANITIZE AND NOT FRAMESPEC_FUZZ_ENGINE)
  target_compile_options(framespec_busy INTERFACE -O1)
endif()

# libFuzzer's coverage, for the library alone: that of the oracles would only cost speed. The engine itself
# is linked into the fuzz targets.
add_library(framespec_coverage INTERFACE)
if(FRAMESPEC_FUZZ_ENGINE)
  target_compile_options(framespec_coverage INTERFACE -fsanitize=fuzzer-no-link
    -fsanitize-coverage-ignorelist=${PROJECT_SOURCE_DIR}/fuzz/coverage_ignorelist.txt)
endif()
