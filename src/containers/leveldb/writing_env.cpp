#include "containers/leveldb/writing_env.h"

namespace unstick::pairs {

namespace {

using leveldb::Slice;
using leveldb::Status;

constexpr std::size_t buffer_bytes = 1U << 16U;

Status status_of(const Result<void>& result)
{
    return result ? Status::OK() : Status::IOError(result.error().where, result.error().what);
}

/// Appends through a buffer.
class Buffered : public leveldb::WritableFile {
public:
    explicit Buffered(files::Output output) : output_(std::move(output)) {}
    Status Append(const Slice& data) override
    {
        buffer_.append(data.data(), data.size());
        return buffer_.size() < buffer_bytes ? Status::OK() : Flush();
    }
    Status Flush() override
    {
        const auto written = output_.write(size_, buffer_);
        if (written) {
            size_ += buffer_.size();
            buffer_.clear();
        }
        return status_of(written);
    }
    Status Sync() override
    {
        const Status flushed = Flush();
        return flushed.ok() ? status_of(output_.sync()) : flushed;
    }
    Status Close() override { return Flush(); }

private:
    files::Output output_;
    std::uint64_t size_ = 0;
    std::string buffer_;
};

}  // namespace

Status WritingEnv::NewWritableFile(const std::string& path, leveldb::WritableFile** result)
{
    *result = nullptr;
    auto output = files::remove_tree(path).and_then([&] { return files::Output::create(path); });
    if (!output) {
        return Status::IOError(output.error().where, output.error().what);
    }
    *result = new Buffered(std::move(*output));  // LevelDB owns it
    return Status::OK();
}

Status WritingEnv::NewAppendableFile(const std::string& path, leveldb::WritableFile** result)
{
    *result = nullptr;
    return Status::NotSupported(path);
}

Status WritingEnv::RemoveFile(const std::string& path)
{
    return status_of(files::remove_tree(path));
}

Status WritingEnv::RenameFile(const std::string& from, const std::string& to)
{
    return status_of(files::remove_tree(to).and_then([&] { return files::move(from, to); }));
}

Status WritingEnv::LockFile(const std::string& path, leveldb::FileLock** lock)
{
    const auto created = files::Output::create(path);
    return created ? OverlayEnv::LockFile(path, lock) : Status::IOError(created.error().where, created.error().what);
}

}  // namespace unstick::pairs
