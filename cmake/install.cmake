# What a user of the installed library needs for find_package(framespec).
include(CMakePackageConfigHelpers)
configure_package_config_file(
  ${CMAKE_CURRENT_SOURCE_DIR}/cmake/framespecConfig.cmake.in
  ${CMAKE_CURRENT_BINARY_DIR}/framespecConfig.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/framespec
  PATH_VARS CMAKE_INSTALL_DATADIR)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/framespecConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES
  ${CMAKE_CURRENT_BINARY_DIR}/framespecConfig.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/framespecConfigVersion.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/framespec COMPONENT development)
install(EXPORT framespec_targets NAMESPACE framespec::
  FILE framespecTargets.cmake DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/framespec COMPONENT development)
install(FILES LICENSE README.md README.zh-CN.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
