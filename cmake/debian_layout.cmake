# Makes of what was installed for each package what Debian's policy asks for. Run by cpack, before it packs.
function(compressed from to)
  execute_process(COMMAND gzip -9nc ${from} OUTPUT_FILE ${to} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

set(root ${CPACK_TEMPORARY_INSTALL_DIRECTORY})
set(source ${CMAKE_CURRENT_LIST_DIR}/..)
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
foreach(component IN LISTS CPACK_COMPONENTS_ALL)
  string(TOUPPER ${component} upper)
  set(package ${CPACK_DEBIAN_${upper}_PACKAGE_NAME})
  set(share ${root}/${component}/usr/share)
  set(doc ${share}/doc/${package})
  file(MAKE_DIRECTORY ${doc})
  file(REMOVE ${doc}/LICENSE ${doc}/CHANGELOG.md)
  file(WRITE ${doc}/copyright
"Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: framespec

Files: *
Copyright: 2026 ${CPACK_PACKAGE_VENDOR}
License: Apache-2.0
 On Debian systems the text of the license is in
 /usr/share/common-licenses/Apache-2.0.
")
  compressed(${source}/CHANGELOG.md ${doc}/changelog.gz)
  file(WRITE ${doc}/changelog.Debian
"framespec (${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) unstable; urgency=medium

  * As released: changelog.gz says what is new.

 -- ${CPACK_PACKAGE_CONTACT}  ${date}
")
  compressed(${doc}/changelog.Debian ${doc}/changelog.Debian.gz)
  file(REMOVE ${doc}/changelog.Debian)
  file(GLOB pages ${share}/man/man1/*.1)
  foreach(page IN LISTS pages)
    compressed(${page} ${page}.gz)
    file(REMOVE ${page})
  endforeach()
  # Where Debian's zsh looks for what packages bring.
  if(EXISTS ${share}/zsh/site-functions)
    file(RENAME ${share}/zsh/site-functions ${share}/zsh/vendor-completions)
  endif()
  # Programs in three languages to look at and try: whoever runs one installs its interpreter.
  if(EXISTS ${share}/framespec/testees)
    file(MAKE_DIRECTORY ${doc}/examples)
    file(RENAME ${share}/framespec/testees ${doc}/examples/testees)
  endif()
endforeach()
