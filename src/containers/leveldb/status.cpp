#include "containers/leveldb/status.h"

namespace unstick::pairs {

Error error_of(const std::filesystem::path& folder, const leveldb::Status& status)
{
    const std::string text = status.ToString();
    if (status.IsCorruption()) {
        return {Code::corrupt, folder.string(), "the database is damaged: " + text, start_browser};
    }
    if (status.IsNotFound()) {
        return {Code::not_found, folder.string(), "no such entry", {}};
    }
    if (status.IsInvalidArgument()) {
        return {Code::unsupported, folder.string(), "the database is of another kind: " + text, {}};
    }
    return {Code::io, folder.string(), text, {}};
}

}  // namespace unstick::pairs
