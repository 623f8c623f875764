#pragma once
// Debian's and others' builds of LevelDB hold assertions, which end the program, where a file is whole but says what no
// database says: it is looked at before LevelDB sees it. What is merely damaged is left to LevelDB, which checks sums.

#include <string_view>

namespace unstick::pairs {

/// May LevelDB read this `NNNNNN.log`? Its records are batches of changes: a sequence number, a count, and so many keys
/// that are set or removed, each with the next number. True if they are whole and the numbers grow, and stay below
/// 2^56. (LevelDB's write_batch.cc, dbformat.h, skiplist.h)
bool is_readable_log(std::string_view content);

/// May LevelDB read this `MANIFEST-NNNNNN`? Its records are changes of a list of files. True if the numbers in it can
/// have been given out, each table's keys are keys and in order, and no tables overlap where none may; and if the
/// database is not ordered bytewise, which LevelDB refuses. (LevelDB's version_edit.cc, version_set.cc)
bool is_readable_manifest(std::string_view content);

/// May a file of this name be in a database's folder? False for logs with a number that LevelDB does not give out.
bool is_readable_name(std::string_view name);

}  // namespace unstick::pairs
