# CPack runs this on the files that become a package: all may read them, whatever the umask of who packs.
if(CMAKE_HOST_UNIX)
  execute_process(COMMAND chmod -R u=rwX,go=rX ${CPACK_TEMPORARY_DIRECTORY} COMMAND_ERROR_IS_FATAL ANY)
endif()
