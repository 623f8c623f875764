#include "writing_env.h"

#include <fstream>

namespace unstick::pairs {

namespace {

using leveldb::Slice;
using leveldb::Status;

/// Only the small file CURRENT is ever renamed.
constexpr std::uint64_t largest_renamed = 1U << 16U;

class WritableFile : public leveldb::WritableFile {
public:
    explicit WritableFile(const files::fs::path& path)
        : path_(path), stream_(files::path_for_library(path), std::ios::binary | std::ios::trunc)
    {
    }
    Status Append(const Slice& data) override
    {
        stream_.write(data.data(), static_cast<std::streamsize>(data.size()));
        return state();
    }
    Status Close() override
    {
        stream_.close();
        return state();
    }
    Status Flush() override
    {
        stream_.flush();
        return state();
    }
    Status Sync() override { return Flush(); }

    Status state() const { return stream_ ? Status::OK() : Status::IOError(path_.string(), "it cannot be written"); }

private:
    files::fs::path path_;
    std::ofstream stream_;
};

template <class T>
Status status_of(const Result<T>& result)
{
    return result ? Status::OK() : Status::IOError(result.error().where, result.error().what);
}

}  // namespace

WritingEnv::WritingEnv(files::fs::path folder_path, files::Folder folder)
    : OverlayEnv(folder_path.string(), std::move(folder)), folder_path_(std::move(folder_path))
{
}

Status WritingEnv::NewWritableFile(const std::string& path, leveldb::WritableFile** result)
{
    auto file = std::make_unique<WritableFile>(folder_path_ / name_of(path));
    const Status state = file->state();
    *result = state.ok() ? file.release() : nullptr;  // LevelDB owns it
    return state;
}

Status WritingEnv::RemoveFile(const std::string& path)
{
    return status_of(files::remove_tree(folder_path_ / name_of(path)));
}

Status WritingEnv::RenameFile(const std::string& from, const std::string& to)
{
    const auto content = files::read_file(folder_path_ / name_of(from), largest_renamed);
    if (!content) {
        return status_of(content);
    }
    return status_of(files::write_file(folder_path_ / name_of(to), *content).and_then([&] {
        return files::remove_tree(folder_path_ / name_of(from));
    }));
}

}  // namespace unstick::pairs
