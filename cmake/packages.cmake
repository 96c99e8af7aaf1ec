# What `cpack` makes of a build, by ci/package: Debian packages of the programs and of the library, or of a portable
# build (FRAMESPEC_PORTABLE) a tarball of the programs.
# Debian wants who answers for a package: whoever makes it, as its own tools are told. Where nobody is named the address is of the domain
# that never is any (RFC 6761), and no mail goes to a stranger.
set(CPACK_PACKAGE_VENDOR "The framespec maintainers")
if(NOT "$ENV{DEBEMAIL}" STREQUAL "")
  set(maintainer "$ENV{DEBFULLNAME}")
  if(maintainer STREQUAL "")
    set(maintainer "$ENV{DEBEMAIL}")
  endif()
  set(CPACK_PACKAGE_CONTACT "${maintainer} <$ENV{DEBEMAIL}>")
else()
  set(CPACK_PACKAGE_CONTACT "Nobody <nobody@framespec.invalid>")
endif()
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_COMPONENTS_GROUPING IGNORE)

if(FRAMESPEC_PORTABLE)
  set(CPACK_GENERATOR TGZ)
  set(CPACK_COMPONENTS_ALL programs)
  set(CPACK_ARCHIVE_COMPONENT_INSTALL ON)
  set(CPACK_COMPONENT_INCLUDE_TOPLEVEL_DIRECTORY ON)
  set(CPACK_ARCHIVE_PROGRAMS_FILE_NAME framespec-${PROJECT_VERSION}-linux-${CMAKE_SYSTEM_PROCESSOR})
  set(CPACK_PACKAGE_FILE_NAME ${CPACK_ARCHIVE_PROGRAMS_FILE_NAME})
  # The licenses of what is linked in ask for their text.
  foreach(library IN ITEMS libasio-dev libcli11-dev libfmt-dev libre2-dev libspdlog-dev libssl-dev nlohmann-json3-dev zlib1g-dev)
    install(FILES /usr/share/doc/${library}/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR}/licenses RENAME ${library})
  endforeach()
else()
  set(CPACK_GENERATOR DEB)
  set(CPACK_COMPONENTS_ALL programs development)
  set(CPACK_DEB_COMPONENT_INSTALL ON)
  set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "conformance tests for length-prefixed framed TCP")
  set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
  set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
  set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
  set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/debian_layout.cmake)

  set(CPACK_DEBIAN_PROGRAMS_PACKAGE_NAME framespec)
  set(CPACK_DEBIAN_PROGRAMS_PACKAGE_SECTION net)
  set(CPACK_DEBIAN_PROGRAMS_PACKAGE_SHLIBDEPS ON)
  # framespec record --capture, framespec-bench, and the testees among the examples.
  set(CPACK_DEBIAN_PROGRAMS_PACKAGE_SUGGESTS "tshark, valgrind, python3")
  set(CPACK_COMPONENT_PROGRAMS_DESCRIPTION
"TCP joins and cuts what is sent. framespec sends an implementation of a
length-prefixed protocol streams of frames that are split and coalesced in
every way, proves that each piece reached it as it was meant, and says which
rules of framing it breaks.

This package has the conformance runner, a reference server and client, and
a gate for benchmarks that have become slower.")

  set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libframespec-dev)
  set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
  set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS libssl-dev)
  set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION
"The library of framespec turns segments of a stream into frames and frames
into bytes, for any length-prefixed format that is described as data, and
tests a deframer of one's own under every segmentation.

This package has its headers, the library to link statically, and what
CMake's find_package(framespec) needs.")
endif()
include(CPack)
