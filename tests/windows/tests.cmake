# The tests for Windows: those of tests/ that need nothing of POSIX, and windows_test. Cross-built, they run under wine in a
# jail (./jail) and have the label `windows`: docs/platforms.md says what that shows. One ctest a program: to list what is
# in it, it would have to run while it is built.
set(label unit)
set(run)
if(CMAKE_CROSSCOMPILING)
  set(label windows)
  set(run ${CMAKE_CURRENT_LIST_DIR}/jail ${CMAKE_BINARY_DIR}/jail)
endif()

# Not: what another test starts; links, modes of files and modules of SQLite that Windows or wine does not have; all
# layouts of all systems, for which wine needs ten minutes.
set(tests "~[.]~[not-windows]~[layouts]")
function(unstick_test name)
  add_executable(${name} ${name}.cpp)
  target_link_libraries(${name} PRIVATE unstick_testing unstick_settings unstick_resources ${ARGN})
  target_precompile_headers(${name} REUSE_FROM unstick_testing)
  add_test(NAME ${name} COMMAND ${run} $<TARGET_FILE:${name}> ${tests})
  set_tests_properties(${name} PROPERTIES LABELS ${label} TIMEOUT 900
    ENVIRONMENT "UNSTICK_EXE=$<TARGET_FILE:unstick>;STAND_IN_BROWSER=$<TARGET_FILE:stand_in_browser>;\
JAIL_WITH=$<TARGET_FILE:unstick> $<TARGET_FILE:stand_in_browser>")
endfunction()

add_executable(stand_in_browser windows/stand_in_browser.cpp)
target_link_libraries(stand_in_browser PRIVATE unstick_settings unstick_resources nlohmann_json::nlohmann_json)

# Left out: what is made of POSIX calls (browser_copy_test, fault_test, files_test, hostile_test, http_test, locks_test,
# programs_test and those named after a system), Safari's own (safari_test, keychain_test, webkit_*), and what reads files
# that the jail does not have (realdata_test, report_test).
foreach(name adapter_suite_test all_users_test binary_cookies_test blockfile_test browser_visit_test challenge_test cli_test
    cookie_bans_test cookie_probe_test doctor_test findings_test formats_test journal_test json_test names_test pairs_test
    plist_test probe_test report_file_test screen_test set_cookie_test sign_in_test site_test sql_stores_test)
  unstick_test(${name})
  set_property(TEST ${name} APPEND PROPERTY ENVIRONMENT JAIL_IN_MEMORY=1)
endforeach()
add_test(NAME adapter_suite_layout COMMAND ${run} $<TARGET_FILE:adapter_suite_test> "every browser on every layout*"
  -c "chrome at {local}/Google/Chrome/User Data on windows" -w NoAssertions)
set_tests_properties(adapter_suite_layout PROPERTIES LABELS ${label} TIMEOUT 900 ENVIRONMENT JAIL_IN_MEMORY=1)
unstick_test(windows_programs_test unstick_platform)
unstick_test(windows_test unstick_platform)
