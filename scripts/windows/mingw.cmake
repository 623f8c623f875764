# Debian's cross compiler for 64-bit Windows. The libraries are those that scripts/windows/dependencies has built.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(triple x86_64-w64-mingw32)
set(CMAKE_C_COMPILER ${triple}-gcc-posix)  # -posix: it has std::thread
set(CMAKE_CXX_COMPILER ${triple}-g++-posix)
set(CMAKE_RC_COMPILER ${triple}-windres)
set(CMAKE_AR ${triple}-gcc-ar-posix CACHE FILEPATH "")
set(CMAKE_RANLIB ${triple}-gcc-ranlib-posix CACHE FILEPATH "")
# Windows 10 and newer; windows.h without its macros min and max; printf and its kind as in C99.
set(windows "-D_WIN32_WINNT=0x0A00 -DWINVER=0x0A00 -DNOMINMAX -DWIN32_LEAN_AND_MEAN -D__USE_MINGW_ANSI_STDIO=1")
set(CMAKE_C_FLAGS_INIT "${windows}")
set(CMAKE_CXX_FLAGS_INIT "${windows}")
set(UNSTICK_WINDOWS_DEPS "$ENV{UNSTICK_WINDOWS_DEPS}")
if(NOT UNSTICK_WINDOWS_DEPS)
  set(UNSTICK_WINDOWS_DEPS ${CMAKE_CURRENT_LIST_DIR}/../../build/windows-dependencies)
endif()
# One file that needs no other: the compiler's own libraries are linked in too. LevelDB asks for -lsnappy by name.
set(CMAKE_EXE_LINKER_FLAGS_INIT "-static -L${UNSTICK_WINDOWS_DEPS}/lib")
set(CMAKE_FIND_ROOT_PATH ${UNSTICK_WINDOWS_DEPS} /usr/${triple})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_LIBDIR} ${UNSTICK_WINDOWS_DEPS}/lib/pkgconfig)  # never the libraries of this computer
set(ENV{PKG_CONFIG_PATH} "")
