# Installs the build tree into a fresh prefix, which is then moved, builds the toy project against that prefix alone and runs it;
# then checks that programs, suites, schemas and dialects are where a user looks for them.
# Expects BUILD_DIR, SOURCE_DIR, WORK_DIR, CXX, CONFIG, DATADIR, BINDIR, PROGRAMS, EXPECT_FILES.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/scratch_folder.cmake)

run(${CMAKE_COMMAND} --install ${BUILD_DIR} --prefix ${WORK_DIR}/first)
set(prefix "${WORK_DIR}/moved elsewhere")
file(RENAME ${WORK_DIR}/first ${prefix})
run_without_warning(${CMAKE_COMMAND} -S ${SOURCE_DIR}/find_package -B ${WORK_DIR}/toy -G Ninja
    -DCMAKE_PREFIX_PATH=${prefix} -DCMAKE_CXX_COMPILER=${CXX} "-DCMAKE_CXX_FLAGS=${CXX_FLAGS}")
run_without_warning(${CMAKE_COMMAND} --build ${WORK_DIR}/toy)
run(${WORK_DIR}/toy/toy)
if(NOT output STREQUAL "hello\nworld\n")
  fail("the toy project printed '${output}'")
endif()

foreach(program IN LISTS PROGRAMS)
  run(${prefix}/${BINDIR}/${program} --version)
endforeach()
foreach(file IN LISTS EXPECT_FILES)
  if(NOT EXISTS ${prefix}/${DATADIR}/framespec/${file})
    fail("not installed: ${DATADIR}/framespec/${file}")
  endif()
endforeach()
# The installed runner finds its suites without the source or build tree.
if("framespec" IN_LIST PROGRAMS)
  run(${prefix}/${BINDIR}/framespec list --dialect int32)
  if(NOT output MATCHES "segmentation/int32/")
    fail("the installed framespec lists no case:\n${output}")
  endif()
  run(${prefix}/${BINDIR}/framespec-ci --reports ${WORK_DIR}/reports run --help)
endif()
# The installed framespec-bench compares programs, and finds the one that its trials are made with.
if("framespec-bench" IN_LIST PROGRAMS)
  set(specimen ${prefix}/libexec/framespec/trial_specimen)
  run(${prefix}/${BINDIR}/framespec-bench compare "${specimen}" "${specimen}" --filter work/cpu --gate time --effect 100)
  if(NOT output MATCHES "work/cpu: ")
    fail("the installed framespec-bench compares nothing:\n${output}")
  endif()
  run(${prefix}/${BINDIR}/framespec-bench selftest ${WORK_DIR}/trials.ndjson --trials 0 --same 0 --instructions 0)
endif()
file(REMOVE_RECURSE ${WORK_DIR})
