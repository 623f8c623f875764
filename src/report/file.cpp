#include "report/file.h"

#include <fmt/format.h>

#include <random>

#include "platform/files.h"
#include "platform/trust.h"

namespace unstick {

namespace {

fs::path folder_of(const fs::path& file)
{
    return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

/// A name beside the file that nobody else uses.
fs::path beside(const fs::path& file)
{
    return folder_of(file) /
           fmt::format(".unstick-report-{:08x}{:08x}", std::random_device{}(), std::random_device{}());
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
    const auto steps = trust::way_to(file).steps;
    if (present->type == files::Type::file && !steps.empty() && !steps.back().is_ours) {
        return tl::unexpected(refusal(file, "this file belongs to somebody else", "name another file"));
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
    TRY(check_present(file));
    const fs::path trial = beside(file);
    if (const auto written = files::write_file(trial, ""); !written) {
        return tl::unexpected(refusal(file,
                                      written.error().code == Code::not_found
                                          ? "there is no such folder"
                                          : "nothing can be written into this folder",
                                      "name a file in a folder that you can write to, for example report.html"));
    }
    return files::remove_tree(trial);
}

Result<void> write_report_file(const fs::path& file, std::string_view content)
{
    // A new file is its owner's alone, and takes the name, whatever has it, in one step.
    const fs::path whole = beside(file);
    const auto failure = [&](Code code, const std::string& why) {
        return fail(code, file.string(), "the report cannot be written: " + why, "name another file with --report");
    };
    if (const auto written = files::write_file(whole, content); !written) {
        return failure(written.error().code, written.error().what);
    }
    std::error_code failed;
    fs::rename(whole, file, failed);
    if (failed) {
        (void)files::remove_tree(whole);
        return failure(Code::io, failed.message());
    }
    return files::sync_folder(folder_of(file));
}

}  // namespace unstick
