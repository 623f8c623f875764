# The unit tests: one program a room, which may be several folders of what is tested. unit_<room>: on every system;
# not_windows_<room>: what is made of POSIX calls, Safari's own, and what reads files that the jail of the tests for
# Windows does not have.
set(unit_rooms app chromium cli containers diagnosis devtools gecko inventory journal main net report web webkit)
set(unit_app unit/app/chosen_profiles_test.cpp unit/app/diagnose_test.cpp unit/app/dns_test.cpp unit/app/doctor_test.cpp
  unit/app/keep_cookies_test.cpp unit/app/plan_each_test.cpp unit/app/profile_reports_test.cpp unit/app/prove_test.cpp
  unit/app/runs_test.cpp unit/app/scan_test.cpp unit/app/scheme_test.cpp)
set(unit_chromium unit/profiles/chromium/buckets_test.cpp unit/profiles/chromium/cookie_policies_test.cpp
  unit/profiles/chromium/file_systems_test.cpp unit/profiles/chromium/http_cache_entry_test.cpp
  unit/profiles/chromium/http_cache_test.cpp unit/profiles/chromium/leveldb_stores_test.cpp
  unit/profiles/chromium/local_storage_test.cpp unit/profiles/chromium/origin_folders_test.cpp unit/profiles/chromium/profiles_test.cpp unit/profiles/chromium/service_workers_test.cpp
  unit/profiles/chromium/session_storage_test.cpp unit/profiles/chromium/simple_cache_test.cpp
  unit/profiles/chromium/singleton_test.cpp unit/profiles/chromium/sql_test.cpp
  unit/profiles/chromium/storage_key_test.cpp)
set(not_windows_chromium unit/profiles/chromium/linked_profiles_test.cpp unit/profiles/chromium/places_test.cpp)
set(unit_cli unit/cli/completions_test.cpp unit/cli/help_test.cpp unit/cli/parse_test.cpp unit/cli/settings_test.cpp)
set(unit_containers unit/base/limited_json_test.cpp unit/base/protobuf_test.cpp unit/base/side_by_side_test.cpp unit/base/text_test.cpp
  unit/base/utf8_test.cpp unit/containers/binary_cookies_test.cpp unit/containers/blockfile_damage_test.cpp
  unit/containers/blockfile_test.cpp unit/containers/cache2_entry_test.cpp unit/containers/firefox_files_test.cpp unit/containers/json_test.cpp unit/containers/leveldb_change_test.cpp
  unit/containers/leveldb_forged_test.cpp unit/containers/leveldb_test.cpp
  unit/containers/property_list_size_test.cpp unit/containers/property_list_test.cpp unit/containers/replace_folder_test.cpp
  unit/containers/service_worker_list_test.cpp unit/containers/snappy_block_test.cpp
  unit/finders/name_search_test.cpp unit/finders/sql_rows_test.cpp)
set(unit_devtools unit/devtools/visit_test.cpp)
set(not_windows_devtools unit/devtools/profile_copy_test.cpp)
set(unit_diagnosis unit/diagnosis/auth_test.cpp unit/diagnosis/cache_test.cpp unit/diagnosis/clock_test.cpp
  unit/diagnosis/cookie_limits_test.cpp unit/diagnosis/cookie_probe_test.cpp unit/diagnosis/cookies_test.cpp
  unit/diagnosis/duplicate_cookies_test.cpp unit/diagnosis/escalate_test.cpp unit/diagnosis/finding_test.cpp
  unit/diagnosis/network_test.cpp unit/diagnosis/proof_test.cpp unit/diagnosis/provider_test.cpp unit/diagnosis/recorded_test.cpp
  unit/diagnosis/search_test.cpp unit/diagnosis/set_cookie_test.cpp
  unit/diagnosis/storage_test.cpp unit/diagnosis/tokens_test.cpp unit/diagnosis/visited_test.cpp)
set(unit_gecko unit/profiles/gecko/debugger_test.cpp unit/profiles/gecko/ini_test.cpp unit/profiles/gecko/media_test.cpp
  unit/profiles/gecko/origin_test.cpp unit/profiles/gecko/remote_test.cpp unit/profiles/gecko/stores_test.cpp
  unit/profiles/gecko/http_cache_test.cpp unit/profiles/gecko/storage_test.cpp)
set(not_windows_gecko unit/profiles/gecko/profiles_test.cpp)
set(not_windows_inventory unit/inventory/launchers_test.cpp)
set(unit_journal unit/journal/gecko_media_test.cpp unit/journal/journal_test.cpp unit/journal/leveldb_medium_test.cpp unit/journal/replacements_test.cpp unit/journal/run_index_test.cpp unit/journal/stored_pieces_test.cpp)
set(not_windows_journal unit/journal/earlier_journals_test.cpp unit/journal/places_test.cpp)
set(unit_main unit/main/guide_test.cpp unit/main/terminal_style_test.cpp)
set(unit_net unit/net/compare_test.cpp unit/net/har_test.cpp unit/net/judgement_test.cpp unit/net/probe_test.cpp unit/net/sign_in_test.cpp)
set(unit_report unit/report/all_sites_test.cpp unit/report/all_users_test.cpp unit/report/file_test.cpp
  unit/report/log_facts_test.cpp unit/report/verdict_test.cpp)
set(not_windows_report unit/report/golden_test.cpp unit/report/html_test.cpp unit/report/report_test.cpp
  unit/report/text_test.cpp)
set(unit_web unit/web/challenge_test.cpp unit/web/cookie_jar_test.cpp unit/web/cookie_match_test.cpp unit/web/jwt_test.cpp unit/web/masking_test.cpp unit/web/pasted_test.cpp
  unit/web/resolve_entry_test.cpp unit/web/set_cookie_test.cpp unit/web/site_test.cpp unit/web/suffix_list_test.cpp unit/web/url_test.cpp)
set(unit_webkit unit/profiles/webkit/jar_readers_test.cpp)
set(not_windows_webkit unit/containers/keychain_test.cpp unit/profiles/webkit/network_cache_test.cpp
  unit/profiles/webkit/origins_test.cpp unit/profiles/webkit/safari_test.cpp unit/profiles/webkit/storage_test.cpp
  unit/profiles/webkit/straggler_test.cpp unit/profiles/webkit/sql_test.cpp)
