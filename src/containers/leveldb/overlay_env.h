#pragma once
// A LevelDB Env that reads a folder and keeps every write in memory, so that looking leaves no trace.

#include <leveldb/env.h>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "platform/files.h"

namespace unstick::pairs {

/// For one database in one folder. LevelDB's own files of that folder are read through an open handle of the folder, so
/// no symbolic link is followed and no LOCK is opened.
class OverlayEnv : public leveldb::EnvWrapper {
public:
    OverlayEnv(std::string folder_path, files::Folder folder);

    /// From now on nothing may be written, not even to memory.
    void freeze() { frozen_ = true; }

    /// The first file on disk that could not be read, if any. LevelDB forgives that for logs and goes on without them.
    std::optional<Error> failure();

    /// What is on the disk under a name. It is asked once: nobody else changes a database that is held.
    Result<files::Info> look_at(const std::string& name);
    /// All names on the disk, asked once likewise.
    Result<std::vector<files::Entry>> list();

    /// Read from the disk.
    leveldb::Status read(const std::string& name, std::uint64_t offset, std::size_t n, leveldb::Slice* result,
                         char* scratch);
    leveldb::Status read(const files::Input& file, std::uint64_t offset, std::size_t n, leveldb::Slice* result,
                         char* scratch);

    /// All of a log, of a MANIFEST or of CURRENT on the disk, if LevelDB may read it.
    leveldb::Status read_whole(const std::string& name, std::string& content);

    /// The work that LevelDB starts by itself, compaction, begins when a database is open: it may fail at once.
    void Schedule(void (*function)(void*), void* argument) override;

    leveldb::Status NewSequentialFile(const std::string& path, leveldb::SequentialFile** result) override;
    leveldb::Status NewRandomAccessFile(const std::string& path, leveldb::RandomAccessFile** result) override;
    leveldb::Status NewWritableFile(const std::string& path, leveldb::WritableFile** result) override;
    leveldb::Status NewAppendableFile(const std::string& path, leveldb::WritableFile** result) override;
    bool FileExists(const std::string& path) override;
    leveldb::Status GetChildren(const std::string& folder, std::vector<std::string>* names) override;
    leveldb::Status RemoveFile(const std::string& path) override;
    leveldb::Status CreateDir(const std::string& path) override;
    leveldb::Status RemoveDir(const std::string& path) override;
    leveldb::Status GetFileSize(const std::string& path, std::uint64_t* size) override;
    leveldb::Status RenameFile(const std::string& from, const std::string& to) override;
    leveldb::Status LockFile(const std::string& path, leveldb::FileLock** lock) override;
    leveldb::Status UnlockFile(leveldb::FileLock* lock) override;

protected:
    /// From now on the disk is asked each time: there is who writes to it.
    void ask_each_time() { asks_once_ = false; }

    /// A file's name in the folder.
    std::string name_of(const std::string& path) const;

private:
    using Content = std::shared_ptr<std::string>;
    Content in_memory(const std::string& name);
    leveldb::Status read_into(char* scratch, const Result<std::size_t>& size, leveldb::Slice* result);
    leveldb::Status failed(const Error& error);
    /// A name that is not there is LevelDB's business; any other reason is a failure.
    leveldb::Status not_looked_at(const std::string& name, const Error& error);

    std::string folder_path_;
    files::Folder folder_;
    std::mutex mutex_;
    std::map<std::string, Content> written_;
    std::set<std::string> removed_;
    std::optional<Error> failure_;
    std::atomic<bool> frozen_ = false;
    bool asks_once_ = true;
    std::map<std::string, files::Info> looked_at_;
    std::optional<std::vector<files::Entry>> listed_;
};

}  // namespace unstick::pairs
