# Precompiles a header for a target. A precompiled header names its own folder, so that ccache would find nothing that was
# compiled in another clone: what it goes by instead is the header's text after the preprocessor (ccache's option
# pch_external_checksum), which lies beside it. And clang is told of it as g++ is, by an option whose path ccache knows for
# one. That clang compares no times keeps a precompiled header out of ccache of use when a package has been installed anew.
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  set(CMAKE_CXX_COMPILE_OPTIONS_USE_PCH -include <PCH_HEADER>)
  list(APPEND CMAKE_CXX_COMPILE_OPTIONS_CREATE_PCH -Xclang -fno-pch-timestamp)
endif()

function(unstick_precompile_header target visibility header)
  target_precompile_headers(${target} ${visibility} ${header})
  if(NOT CCACHE OR NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang|GNU")
    return()
  endif()
  set(suffix pch)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    set(suffix gch)
  endif()
  set(sum ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${target}.dir/cmake_pch.hxx.${suffix}.sum)
  string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
  separate_arguments(flags NATIVE_COMMAND "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${type}}")
  set(includes $<TARGET_PROPERTY:${target},INCLUDE_DIRECTORIES>)
  set(definitions $<TARGET_PROPERTY:${target},COMPILE_DEFINITIONS>)
  set(options $<TARGET_PROPERTY:${target},COMPILE_OPTIONS>)
  add_custom_command(OUTPUT ${sum}
    COMMAND ${CMAKE_CXX_COMPILER} ${flags} ${options} -std=c++20 "$<$<BOOL:${includes}>:-I$<JOIN:${includes},;-I>>"
      "$<$<BOOL:${definitions}>:-D$<JOIN:${definitions},;-D>>" -w -x c++-header -E -P -MD -MF ${sum}.d -MT ${sum} -o ${sum} ${header}
    DEPENDS ${header} DEPFILE ${sum}.d COMMAND_EXPAND_LISTS VERBATIM)
  add_custom_target(${target}_header_text DEPENDS ${sum})
  add_dependencies(${target} ${target}_header_text)
endfunction()
