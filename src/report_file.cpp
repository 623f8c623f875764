#include "report_file.h"

#include "files.h"

namespace unstick {

namespace {

constexpr std::string_view prefix = ".unstick-report-";

fs::path folder_of(const fs::path& file)
{
    return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

Error refusal(const fs::path& file, std::string what, std::string hint)
{
    return {Code::usage, "--report " + file.string(), std::move(what), std::move(hint)};
}

/// What is there already.
Result<void> check_present(const fs::path& file)
{
    const auto present = files::info(file);
    if (!present) {
        return {};
    }
    if (present->type == files::Type::file) {
        return files::can_write(file) ? Result<void>()
                                      : tl::unexpected(refusal(file, "this file cannot be written",
                                                               "name another file, or remove this one first"));
    }
    return tl::unexpected(refusal(file,
                                  present->type == files::Type::folder ? "this is a folder"
                                  : present->type == files::Type::link ? "this is a symbolic link; it is not followed"
                                                                       : "this is no regular file",
                                  "name a file, for example report.html"));
}

}  // namespace

Result<void> check_report_file(const fs::path& file)
{
    if (!file.has_filename()) {
        return tl::unexpected(refusal(file, "this is a folder", "name a file, for example report.html"));
    }
    if (auto present = check_present(file); !present) {
        return present;
    }
    const auto probe = files::make_temporary_folder(folder_of(file), prefix);
    if (!probe) {
        return tl::unexpected(refusal(file,
                                      probe.error().code == Code::not_found ? "there is no such folder"
                                                                            : "nothing can be written into this folder",
                                      "name a file in a folder that you can write to, for example report.html"));
    }
    return files::remove_tree(*probe);
}

Result<void> write_report_file(const fs::path& file, std::string_view content)
{
    // Nobody else can reach into the folder, and a new file in it is its owner's alone.
    const auto folder = files::make_temporary_folder(folder_of(file), prefix);
    if (!folder) {
        return tl::unexpected<Error>(folder.error());
    }
    const fs::path whole = *folder / "report";
    auto written = files::write_file(whole, content);
    if (written) {
        std::error_code failed;
        fs::rename(whole, file, failed);
        if (failed) {
            written = fail(Code::io, file.string(), "the report cannot be written: " + failed.message(),
                           "name another file with --report");
        }
    }
    if (auto removed = files::remove_tree(*folder); written && !removed) {
        return removed;
    }
    return written ? files::sync_folder(folder_of(file)) : written;
}

}  // namespace unstick
