# CPack runs this on the files that become the .deb: what Debian's policy wants and no other system does.
set(root ${CPACK_TEMPORARY_DIRECTORY}/usr/share)
set(doc ${root}/doc/unstick)
string(TIMESTAMP year "%Y" UTC)  # of SOURCE_DATE_EPOCH, if that is set
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)

file(WRITE ${doc}/changelog "unstick (${CPACK_DEBIAN_PACKAGE_VERSION}) unstable; urgency=medium

  * What is new: see CHANGELOG.md in this folder.

 -- ${CPACK_PACKAGE_CONTACT}  ${date}
")
file(WRITE ${doc}/copyright "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: unstick

Files: *
Copyright: ${year} the unstick developers
License: Apache-2.0
 On Debian systems, the text of this licence is in
 /usr/share/common-licenses/Apache-2.0.
")
file(REMOVE ${doc}/LICENSE)
# Debian's zsh does not look into site-functions.
file(RENAME ${root}/zsh/site-functions ${root}/zsh/vendor-completions)
execute_process(COMMAND gzip -9n ${doc}/changelog ${root}/man/man1/unstick.1 COMMAND_ERROR_IS_FATAL ANY)
include(${CMAKE_CURRENT_LIST_DIR}/modes.cmake)  # for what is new
