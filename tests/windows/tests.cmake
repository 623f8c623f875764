# The tests for Windows: those of tests/ that need nothing of POSIX, and windows_test. Cross-built, they run under wine in a
# jail (./jail) and have the label `windows`: docs/platforms.md says what that shows. One ctest a program: to list what is
# in it, it would have to run while it is built.
set(label unit)
set(run)
if(CMAKE_CROSSCOMPILING)
  set(label windows)
  set(run ${CMAKE_CURRENT_LIST_DIR}/jail ${CMAKE_BINARY_DIR}/jail)
endif()

# Not: what another test starts; what needs real files, which the jail does not have; links, modes of files and modules of
# SQLite that Windows or wine does not have; all layouts of all systems, for which wine needs ten minutes.
set(tests "~[.]~[not-windows]~[layouts]~[realdata]")
function(unstick_test name)
  add_executable(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE unstick_testing unstick_settings unstick_resources)
  target_precompile_headers(${name} REUSE_FROM unstick_testing)
  add_test(NAME ${name} COMMAND ${run} $<TARGET_FILE:${name}> ${tests})
  set_tests_properties(${name} PROPERTIES LABELS ${label} TIMEOUT 1800
    ENVIRONMENT "UNSTICK_EXE=$<TARGET_FILE:unstick>;STAND_IN_BROWSER=$<TARGET_FILE:stand_in_browser>;\
JAIL_WITH=$<TARGET_FILE:unstick> $<TARGET_FILE:stand_in_browser>")
endfunction()

add_executable(stand_in_browser windows/stand_in_browser.cpp)
target_link_libraries(stand_in_browser PRIVATE unstick_settings unstick_resources nlohmann_json::nlohmann_json)

# Left out: what unit/tests.cmake keeps from Windows, and of the contract what is made of POSIX calls or needs real files.
include(unit/tests.cmake)
foreach(room ${unit_rooms})
  if(unit_${room})
    unstick_test(unit_${room} ${unit_${room}})
    list(APPEND in_memory unit_${room})
  endif()
endforeach()
include(contract/tests.cmake)
unstick_test(adapter_suite ${adapter_suite})
add_test(NAME adapter_suite_layout COMMAND ${run} $<TARGET_FILE:adapter_suite> "every browser on every layout*"
  -c "chrome at {local}/Google/Chrome/User Data on windows" -w NoAssertions)
set_tests_properties(adapter_suite_layout PROPERTIES LABELS ${label} TIMEOUT 900)
set_property(TEST ${in_memory} adapter_suite adapter_suite_layout APPEND PROPERTY ENVIRONMENT JAIL_IN_MEMORY=1)
unstick_test(unit_platform unit/platform/windows_program_test.cpp unit/platform/windows_subprocess_test.cpp
  unit/platform/windows_test.cpp)
