# Mends what the packages of other libraries say of themselves, and for UNSTICK_STATIC links archives in their place.

# Its own package says -lsnappy, and not where that is.
set(snappy Snappy::snappy)
if(UNSTICK_STATIC AND TARGET Snappy::snappy-static)
  set(snappy Snappy::snappy-static)
endif()
set_target_properties(leveldb::leveldb PROPERTIES INTERFACE_LINK_LIBRARIES "${snappy};Threads::Threads")
if(UNSTICK_STATIC)
  # What Debian's packages leave out: the archives of these (./scripts/package makes two), and what archives need.
  set(UNSTICK_ARCHIVES "" CACHE PATH "Where libfmt.a and libplist-2.0.a are")
  foreach(library fmt leveldb plist-2.0 unistring utf8proc)
    find_library(${library}_archive lib${library}.a HINTS ${UNSTICK_ARCHIVES} REQUIRED)
  endforeach()
  set_target_properties(fmt::fmt PROPERTIES IMPORTED_LOCATION_NONE ${fmt_archive})
  set_target_properties(leveldb::leveldb PROPERTIES IMPORTED_LOCATION_NONE ${leveldb_archive})
  set_target_properties(PkgConfig::plist PROPERTIES INTERFACE_LINK_LIBRARIES ${plist-2.0_archive})
  set_target_properties(PkgConfig::utf8proc PROPERTIES INTERFACE_LINK_LIBRARIES ${utf8proc_archive})
  target_link_libraries(PkgConfig::idn2 INTERFACE ${unistring_archive})
  target_link_libraries(PkgConfig::psl INTERFACE ${unistring_archive})
  target_link_libraries(SQLite::SQLite3 INTERFACE m)
  add_link_options(-static-libstdc++ -static-libgcc)
endif()
