# The tests for Windows: those of tests/ that need nothing of POSIX, and windows_test. Cross-built, they run under wine in a
# jail (./jail) and have the label `windows`: docs/platforms.md says what that shows. One ctest a program: to list what is
# in it, it would have to run while it is built.
set(label unit)
set(run)
if(CMAKE_CROSSCOMPILING)
  set(label windows)
  set(run ${CMAKE_CURRENT_LIST_DIR}/jail ${CMAKE_BINARY_DIR}/jail)
endif()

function(unstick_test name)
  add_executable(${name} ${name}.cpp)
  target_link_libraries(${name} PRIVATE unstick_testing unstick_settings unstick_resources ${ARGN})
  target_precompile_headers(${name} REUSE_FROM unstick_testing)
  add_test(NAME ${name} COMMAND ${run} $<TARGET_FILE:${name}>)
  set_tests_properties(${name} PROPERTIES LABELS ${label} TIMEOUT 900
    ENVIRONMENT "UNSTICK_EXE=$<TARGET_FILE:unstick>;STAND_IN_BROWSER=$<TARGET_FILE:stand_in_browser>;\
JAIL_WITH=$<TARGET_FILE:unstick> $<TARGET_FILE:stand_in_browser>")
endfunction()

add_executable(stand_in_browser windows/stand_in_browser.cpp)
target_link_libraries(stand_in_browser PRIVATE unstick_settings unstick_resources nlohmann_json::nlohmann_json)

foreach(name binary_cookies_test challenge_test cli_test set_cookie_test site_test)
  unstick_test(${name})
endforeach()
unstick_test(windows_programs_test unstick_platform)
unstick_test(windows_test unstick_platform)
