# What compilers and linkers do against faults in memory being made use of, for builds that users get (Release); each
# only where the compiler and the system's linker know it. Also included by scripts/libraries, for what the archive links
# in. tests/packaging/hardening.sh looks at the result.
include(CheckCXXSourceCompiles)
include(CheckPIESupported)

set(CMAKE_POSITION_INDEPENDENT_CODE ON)  # with the next line: programs that can be loaded anywhere
check_pie_supported(LANGUAGES CXX)

function(unstick_harden_if_known kind flag)
  string(MAKE_C_IDENTIFIER "UNSTICK_KNOWS${flag}" known)
  set(CMAKE_REQUIRED_FLAGS "-O2 -Werror")
  set(CMAKE_REQUIRED_${kind}_OPTIONS ${flag})
  if(kind STREQUAL "COMPILE")  # linked with it, too: the stack protector may need a library
    set(CMAKE_REQUIRED_FLAGS "-O2 -Werror ${flag}")
  endif()
  check_cxx_source_compiles("#include <string>\nint main(int n, char** a) { return static_cast<int>(std::string(a[n - 1]).size()); }"
    ${known})
  if(${known} AND kind STREQUAL "COMPILE")
    add_compile_options($<$<CONFIG:Release>:${flag}>)
    add_link_options($<$<CONFIG:Release>:${flag}>)
  elseif(${known})
    add_link_options($<$<CONFIG:Release>:${flag}>)
  endif()
endfunction()

set(hardening -fstack-protector-strong)
if(NOT WIN32)  # mingw's own libraries were built without these, and its unwinding knows no probes of the stack
  list(APPEND hardening -fstack-clash-protection)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|i.86)$" AND NOT APPLE)
    list(APPEND hardening -fcf-protection)
  elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
    list(APPEND hardening -mbranch-protection=standard)
  endif()
  add_compile_options($<$<CONFIG:Release>:-U_FORTIFY_SOURCE> $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>)
endif()
foreach(flag IN LISTS hardening)
  unstick_harden_if_known(COMPILE ${flag})
endforeach()
foreach(flag -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--dynamicbase -Wl,--nxcompat -Wl,--high-entropy-va)
  unstick_harden_if_known(LINK ${flag})
endforeach()
add_compile_options($<$<AND:$<CONFIG:Release>,$<COMPILE_LANGUAGE:CXX>>:-D_GLIBCXX_ASSERTIONS>)
