#pragma once
// A LevelDB Env that reads a folder and keeps every write in memory, so that looking leaves no trace.

#include <leveldb/env.h>

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "../files.h"

namespace unstick::pairs {

/// For one database in one folder. LevelDB's own files of that folder are read through an open handle of the folder, so
/// no symbolic link is followed and no LOCK is opened.
class OverlayEnv : public leveldb::EnvWrapper {
public:
    OverlayEnv(std::string folder_path, files::Folder folder);

    /// From now on nothing may be written, not even to memory: compactions that LevelDB starts by itself fail at once.
    void freeze() { frozen_ = true; }

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

private:
    using Content = std::shared_ptr<std::string>;
    std::string name_of(const std::string& path) const;
    Content in_memory(const std::string& name);

    std::string folder_path_;
    files::Folder folder_;
    std::mutex mutex_;
    std::map<std::string, Content> written_;
    std::set<std::string> removed_;
    bool frozen_ = false;
};

}  // namespace unstick::pairs
