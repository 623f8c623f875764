#include "devtools/devtools_browser.h"

#include "containers/json_file.h"
#include "devtools/session.h"
#include "platform/files.h"

namespace unstick {

namespace {

/// The chosen members of a settings file; an empty document if it has none of them, or cannot be read: then the browser
/// starts with settings of its own, as it would then.
json_file::Json chosen(const fs::path& file, std::span<const std::string_view> members)
{
    json_file::Json few = json_file::Json::object();
    if (const auto all = json_file::read(file)) {
        for (const std::string_view pointer : members) {
            if (const auto* const value = json_file::find(*all, pointer)) {
                few[json_file::Json::json_pointer(std::string(pointer))] = *value;
            }
        }
    }
    return few;
}

}  // namespace

Result<CopiedSettings> DevToolsBrowser::copy_settings(const Profile& profile, const fs::path& folder,
                                                      const fs::path& profile_folder, Settings which) const
{
    CopiedSettings copied;
    for (const JsonSettings& settings : switches_.settings) {
        const fs::path from = (settings.in_root ? profile.root : profile.path) / settings.file;
        const json_file::Json few = chosen(from, which == Settings::all ? settings.members : settings.fresh);
        const auto* const kept = json_file::find(few, switches_.keeps_session);
        copied.keeps_session = copied.keeps_session || (kept != nullptr && *kept == switches_.keeps_session_value);
        TRY(files::write_file((settings.in_root ? folder : profile_folder) / settings.file, few.dump()));
        copied.files.push_back(from);
    }
    return copied;
}

std::unique_ptr<RemoteSession> DevToolsBrowser::session(const RemoteRun& run) const
{
    return std::make_unique<DevToolsSession>(switches_, run);
}

}  // namespace unstick
