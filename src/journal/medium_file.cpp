// Medium::file: files and folders, moved into the journal's folder and back.

#include "journal/moved_files.h"

namespace unstick {

namespace {

constexpr const char* schema = R"sql(
    CREATE TABLE files(container INTEGER, item INTEGER, key TEXT, stored INTEGER PRIMARY KEY);
)sql";

}  // namespace

extern const MediumOps file_medium{
    .name = Medium::file.name,
    .order = 10,
    .schema = schema,
    .save = moved_files::save,
    .erase = moved_files::erase,
    .presence = moved_files::presence,
    .restore = moved_files::restore,
    .tidy = moved_files::tidy,
    .stored = moved_files::stored,
    .newer = moved_files::newer,
    .places = {"files"},
};

}  // namespace unstick
