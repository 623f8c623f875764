# The architecture, as includes: cmake -DSOURCE=<root of the project> -P layering.cmake
# files <- core (src) <- profiles, platform <- main; each library behind the one file that includes it.

set(faults 0)

# No line of these files may match this.
function(forbid pattern why)
  foreach(file ${ARGN})
    file(STRINGS "${SOURCE}/${file}" lines REGEX "${pattern}")
    foreach(line IN LISTS lines)
      message(SEND_ERROR "${file}: ${line}\n  ${why}")
    endforeach()
  endforeach()
endfunction()

file(GLOB_RECURSE core RELATIVE ${SOURCE} ${SOURCE}/src/*.cpp ${SOURCE}/src/*.h)
list(LENGTH core count)
if(count LESS 50)
  message(FATAL_ERROR "found only ${count} files below ${SOURCE}/src")
endif()
list(REMOVE_ITEM core src/main.cpp)
file(GLOB profiles RELATIVE ${SOURCE} ${SOURCE}/profiles/*)
file(GLOB platform RELATIVE ${SOURCE} ${SOURCE}/platform/*.cpp ${SOURCE}/platform/*.h ${SOURCE}/platform/*/*.h)

forbid("#include.*(profiles|platform)/" "the core gets browsers and the computer as arguments" ${core})
forbid("#include.*platform/" "a browser is a table: it knows no operating system" ${profiles})
forbid("#include <(SQLite|sqlite3|leveldb|nlohmann|plist|curl|boost|openssl|unistd|windows)" "a browser is a table: formats and media use libraries" ${profiles})
forbid("#include.*profiles/" "the computer knows no browsers" ${platform})
forbid("^ *# *if(def)? " "the operating system is an argument: CMake picks files in platform/" ${core} ${profiles})
forbid("#include <((arpa|netinet|sys)/|(unistd|fcntl|windows)\\.h)" "what systems have in headers of their own is in platform/" ${core} ${profiles})
forbid("std::(cout|cerr|clog)|[^a-z_\"]printf\\(|[^a-z_:]exit\\(" "only main.cpp prints and ends the program" ${core} ${profiles} ${platform})

set(not_cli ${core})
list(REMOVE_ITEM not_cli src/cli.cpp)
forbid("#include <boost" "only cli.cpp includes Boost" ${not_cli} ${platform})
set(not_http ${core} ${platform})
list(REMOVE_ITEM not_http platform/http.cpp)
forbid("#include <curl" "only platform/http.cpp includes curl" ${not_http})
set(not_plist ${core} ${platform})
list(REMOVE_ITEM not_plist src/media/property_list.cpp)
forbid("#include <plist" "only property_list.cpp includes libplist" ${not_plist})
set(not_site ${core})
list(REMOVE_ITEM not_site src/site.cpp src/url.cpp)
forbid("#include <(libpsl|idn2)" "only site.cpp and url.cpp decide what a name is" ${not_site})
