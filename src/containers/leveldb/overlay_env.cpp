#include "containers/leveldb/overlay_env.h"

#include <algorithm>
#include <cstring>

#include "containers/leveldb/check_log.h"
#include "containers/leveldb/check_table.h"

namespace unstick::pairs {

namespace {

using leveldb::Slice;
using leveldb::Status;

constexpr std::uint64_t largest_log = 16U << 20U;  // Chromium's logs end at 4 MB, or with the batch that goes over it

/// Where the bytes of a file come from: memory or disk. On disk, from a file that stays open; where there are no more
/// descriptors for us, it is opened for each read.
class Source {
public:
    explicit Source(std::shared_ptr<std::string> content) : content_(std::move(content)) {}
    Source(OverlayEnv& env, const files::Folder& folder, std::string name) : env_(&env), name_(std::move(name))
    {
        if (auto file = folder.open_file(name_.c_str())) {
            file_ = std::move(*file);
        }
    }

    Status read(std::uint64_t offset, std::size_t n, Slice* result, char* scratch) const
    {
        if (content_) {
            const std::size_t begin = std::min<std::size_t>(static_cast<std::size_t>(offset), content_->size());
            const std::size_t size = std::min(n, content_->size() - begin);
            std::copy_n(content_->data() + begin, size, scratch);
            *result = Slice(scratch, size);
            return Status::OK();
        }
        return file_ ? env_->read(*file_, offset, n, result, scratch) : env_->read(name_, offset, n, result, scratch);
    }

private:
    std::shared_ptr<std::string> content_;
    std::optional<files::Input> file_;
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

Status OverlayEnv::failed(const Error& error)
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

Result<files::Info> OverlayEnv::look_at(const std::string& name)
{
    const std::lock_guard lock(mutex_);
    if (const auto known = looked_at_.find(name); known != looked_at_.end()) {
        return known->second;
    }
    auto found = folder_.info(name.c_str());
    if (found && asks_once_) {
        looked_at_.emplace(name, *found);
    }
    return found;
}

Result<std::vector<files::Entry>> OverlayEnv::list()
{
    const std::lock_guard lock(mutex_);
    if (listed_) {
        return *listed_;
    }
    auto names = folder_.list();
    if (names && asks_once_) {
        listed_ = *names;
    }
    return names;
}

Status OverlayEnv::read(const std::string& name, std::uint64_t offset, std::size_t n, Slice* result, char* scratch)
{
    return read_into(scratch, folder_.read(name.c_str(), offset, {scratch, n}), result);
}

Status OverlayEnv::read(const files::Input& file, std::uint64_t offset, std::size_t n, Slice* result, char* scratch)
{
    return read_into(scratch, file.read(offset, {scratch, n}), result);
}

Status OverlayEnv::read_into(char* scratch, const Result<std::size_t>& size, Slice* result)
{
    if (!size) {
        return failed(size.error());
    }
    *result = Slice(scratch, *size);
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
    auto content = std::make_shared<std::string>();
    const Status status = read_whole(name, *content);
    if (status.ok()) {
        *result = new Sequential(Source(std::move(content)));
    }
    return status;
}

Status OverlayEnv::read_whole(const std::string& name, std::string& content)
{
    const std::string path = folder_path_ + '/' + name;
    const auto info = look_at(name);
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
    content.assign(static_cast<std::size_t>(info->size), '\0');
    Slice read;
    if (Status status = this->read(name, 0, content.size(), &read, content.data()); !status.ok()) {
        return status;
    }
    content.resize(read.size());
    if (!is_readable(name, content)) {
        return failed({Code::corrupt, path, "what stands in it is of no database",
                       "start the browser once: it repairs or replaces it"});
    }
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
    Source source = content ? Source(std::move(content)) : Source(*this, folder_, name);
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
    const auto entries = list();
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
    const auto info = look_at(name);
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
