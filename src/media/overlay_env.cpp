#include "overlay_env.h"

#include <algorithm>
#include <cstring>

#include "block_check.h"
#include "log_check.h"

namespace unstick::pairs {

namespace {

using leveldb::Slice;
using leveldb::Status;

constexpr std::uint64_t largest_log = 256U << 20U;  // Chromium's logs end at 4 MB

/// Where the bytes of a file come from: memory or disk.
class Source {
public:
    explicit Source(std::shared_ptr<std::string> content) : content_(std::move(content)) {}
    Source(OverlayEnv& env, std::string name) : env_(&env), name_(std::move(name)) {}

    Status read(std::uint64_t offset, std::size_t n, Slice* result, char* scratch) const
    {
        if (content_) {
            const std::size_t begin = std::min<std::size_t>(static_cast<std::size_t>(offset), content_->size());
            const std::size_t size = std::min(n, content_->size() - begin);
            std::memcpy(scratch, content_->data() + begin, size);
            *result = Slice(scratch, size);
            return Status::OK();
        }
        return env_->read(name_, offset, n, result, scratch);
    }

private:
    std::shared_ptr<std::string> content_;
    OverlayEnv* env_ = nullptr;
    std::string name_;
};

class Sequential : public leveldb::SequentialFile {
public:
    explicit Sequential(Source source) : source_(std::move(source)) {}
    Status Read(std::size_t n, Slice* result, char* scratch) override
    {
        Status status = source_.read(offset_, n, result, scratch);
        offset_ += status.ok() ? result->size() : 0;
        return status;
    }
    Status Skip(std::uint64_t n) override
    {
        offset_ += n;
        return Status::OK();
    }

private:
    Source source_;
    std::uint64_t offset_ = 0;
};

/// A table. What LevelDB reads of one are its footer, its index and its blocks, each at once.
class RandomAccess : public leveldb::RandomAccessFile {
public:
    RandomAccess(Source source, std::uint64_t size, std::optional<BlockPlace> index)
        : source_(std::move(source)), size_(size), index_(index)
    {
    }

    Status Read(std::uint64_t offset, std::size_t n, Slice* result, char* scratch) const override
    {
        const Status status = source_.read(offset, n, result, scratch);
        return !status.ok() || is_readable(offset, n, {result->data(), result->size()})
                   ? status
                   : Status::Corruption("a part of a table says what no table says");
    }

private:
    bool is_readable(std::uint64_t offset, std::size_t n, std::string_view part) const
    {
        if (!index_ || part.size() != n) {
            return false;
        }
        if (n == footer_size && offset == size_ - footer_size) {
            return true;
        }
        return offset == index_->offset ? is_readable_index(part, size_) : is_readable_block(part);
    }

    Source source_;
    std::uint64_t size_;
    std::optional<BlockPlace> index_;
};

/// Appends to memory, or to nothing.
class Writable : public leveldb::WritableFile {
public:
    explicit Writable(std::shared_ptr<std::string> content) : content_(std::move(content)) {}
    Status Append(const Slice& data) override
    {
        if (content_) {
            content_->append(data.data(), data.size());
        }
        return Status::OK();
    }
    Status Close() override { return Status::OK(); }
    Status Flush() override { return Status::OK(); }
    Status Sync() override { return Status::OK(); }

private:
    std::shared_ptr<std::string> content_;
};

class NoLock : public leveldb::FileLock {};

/// Of a file that LevelDB reads from its beginning to its end.
bool is_readable(std::string_view name, std::string_view content)
{
    constexpr std::string_view manifest = "MANIFEST-";
    if (name == "CURRENT") {
        return content.starts_with(manifest);
    }
    return name.starts_with(manifest) ? is_readable_manifest(content) : is_readable_log(content);
}

}  // namespace

OverlayEnv::OverlayEnv(std::string folder_path, files::Folder folder)
    : EnvWrapper(leveldb::Env::Default()), folder_path_(std::move(folder_path)), folder_(std::move(folder))
{
}

std::string OverlayEnv::name_of(const std::string& path) const
{
    return path.substr(std::min(path.size(), folder_path_.size() + 1));
}

OverlayEnv::Content OverlayEnv::in_memory(const std::string& name)
{
    const std::lock_guard lock(mutex_);
    const auto found = written_.find(name);
    return found == written_.end() ? nullptr : found->second;
}

std::optional<Error> OverlayEnv::failure()
{
    const std::lock_guard lock(mutex_);
    return failure_;
}

Status OverlayEnv::failed(Error error)
{
    const std::lock_guard lock(mutex_);
    if (!failure_) {
        failure_ = error;
    }
    return Status::IOError(error.where, error.what);
}

Status OverlayEnv::not_looked_at(const std::string& name, const Error& error)
{
    return error.code == Code::not_found ? Status::NotFound(name, "no such file") : failed(error);
}

Status OverlayEnv::read(const std::string& name, std::uint64_t offset, std::size_t n, Slice* result, char* scratch)
{
    const auto done = folder_.read(name.c_str(), offset, {scratch, n});
    if (!done) {
        return failed(done.error());
    }
    *result = Slice(scratch, *done);
    return Status::OK();
}

void OverlayEnv::Schedule(void (*function)(void*), void* argument)
{
    freeze();
    EnvWrapper::Schedule(function, argument);
}

Status OverlayEnv::NewSequentialFile(const std::string& path, leveldb::SequentialFile** result)
{
    *result = nullptr;
    const std::string name = name_of(path);
    if (auto content = in_memory(name)) {
        *result = new Sequential(Source(std::move(content)));  // LevelDB owns it
        return Status::OK();
    }
    const auto info = folder_.info(name.c_str());
    if (!info) {
        return not_looked_at(name, info.error());
    }
    if (info->type != files::Type::file || info->size > largest_log) {
        return failed(
            {Code::unsupported,
             path,
             info->type == files::Type::file ? "it is larger than any log should be" : "it is not a regular file",
             {}});
    }
    auto content = std::make_shared<std::string>(static_cast<std::size_t>(info->size), '\0');
    Slice read;
    if (Status status = this->read(name, 0, content->size(), &read, content->data()); !status.ok()) {
        return status;
    }
    content->resize(read.size());
    if (!is_readable(name, *content)) {
        return failed({Code::corrupt, path, "what stands in it is of no database",
                       "start the browser once: it repairs or replaces it"});
    }
    *result = new Sequential(Source(std::move(content)));
    return Status::OK();
}

Status OverlayEnv::NewRandomAccessFile(const std::string& path, leveldb::RandomAccessFile** result)
{
    *result = nullptr;
    const std::string name = name_of(path);
    std::uint64_t size = 0;
    if (!GetFileSize(path, &size).ok()) {
        return Status::IOError(name, "no such file");  // not NotFound: LevelDB would say that of the key
    }
    auto content = in_memory(name);
    Source source = content ? Source(std::move(content)) : Source(*this, name);
    std::string footer(footer_size, '\0');
    Slice read;
    if (Status status =
            source.read(size - std::min<std::uint64_t>(size, footer_size), footer_size, &read, footer.data());
        !status.ok()) {
        return status;
    }
    *result = new RandomAccess(std::move(source), size, index_in({read.data(), read.size()}, size));
    return Status::OK();
}

Status OverlayEnv::NewWritableFile(const std::string& path, leveldb::WritableFile** result)
{
    *result = nullptr;
    if (frozen_) {
        return Status::IOError(name_of(path), "opened for reading only");
    }
    auto content = std::make_shared<std::string>();
    const std::lock_guard lock(mutex_);
    written_[name_of(path)] = content;
    removed_.erase(name_of(path));
    *result = new Writable(std::move(content));
    return Status::OK();
}

Status OverlayEnv::NewAppendableFile(const std::string& path, leveldb::WritableFile** result)
{
    *result = new Writable(in_memory(name_of(path)));  // what is on disk is not appended to
    return Status::OK();
}

bool OverlayEnv::FileExists(const std::string& path)
{
    std::uint64_t size = 0;
    return GetFileSize(path, &size).ok();
}

Status OverlayEnv::GetChildren(const std::string&, std::vector<std::string>* names)
{
    const auto entries = folder_.list();
    if (!entries) {
        return failed(entries.error());
    }
    const std::lock_guard lock(mutex_);
    std::set<std::string> all;
    for (const auto& entry : *entries) {
        if (!is_readable_name(entry.name)) {
            return Status::Corruption(entry.name, "no database has a file of this name");
        }
        if (!removed_.contains(entry.name)) {
            all.insert(entry.name);
        }
    }
    for (const auto& [name, content] : written_) {
        all.insert(name);
    }
    names->assign(all.begin(), all.end());
    return Status::OK();
}

Status OverlayEnv::RemoveFile(const std::string& path)
{
    const std::lock_guard lock(mutex_);
    written_.erase(name_of(path));
    removed_.insert(name_of(path));
    return Status::OK();
}

Status OverlayEnv::CreateDir(const std::string&)
{
    return Status::OK();
}
Status OverlayEnv::RemoveDir(const std::string&)
{
    return Status::OK();
}

Status OverlayEnv::GetFileSize(const std::string& path, std::uint64_t* size)
{
    *size = 0;
    const std::string name = name_of(path);
    if (const auto content = in_memory(name)) {
        *size = content->size();
        return Status::OK();
    }
    {
        const std::lock_guard lock(mutex_);
        if (removed_.contains(name)) {
            return Status::NotFound(name, "no such file");
        }
    }
    const auto info = folder_.info(name.c_str());
    if (!info) {
        return not_looked_at(name, info.error());
    }
    if (info->type != files::Type::file) {
        return Status::NotFound(name, "no such file");
    }
    *size = info->size;
    return Status::OK();
}

Status OverlayEnv::RenameFile(const std::string& from, const std::string& to)
{
    const auto content = in_memory(name_of(from));
    if (!content) {
        return Status::IOError(from, "opened for reading only");
    }
    const std::lock_guard lock(mutex_);
    written_[name_of(to)] = content;
    written_.erase(name_of(from));
    removed_.erase(name_of(to));
    return Status::OK();
}

Status OverlayEnv::LockFile(const std::string&, leveldb::FileLock** lock)
{
    *lock = new NoLock;
    return Status::OK();
}

Status OverlayEnv::UnlockFile(leveldb::FileLock* lock)
{
    delete lock;
    return Status::OK();
}

}  // namespace unstick::pairs
