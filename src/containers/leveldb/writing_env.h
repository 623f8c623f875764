#pragma once
// A LevelDB Env that writes to a folder of ours, through no symbolic link.

#include "containers/leveldb/overlay_env.h"

namespace unstick::pairs {

/// For a new database in an empty folder that nobody else works in. Reads as OverlayEnv does.
class WritingEnv : public OverlayEnv {
public:
    WritingEnv(std::string folder_path, files::Folder folder) : OverlayEnv(std::move(folder_path), std::move(folder))
    {
        ask_each_time();
    }

    leveldb::Status NewWritableFile(const std::string& path, leveldb::WritableFile** result) override;
    /// Not supported: a new database appends to nothing.
    leveldb::Status NewAppendableFile(const std::string& path, leveldb::WritableFile** result) override;
    leveldb::Status RemoveFile(const std::string& path) override;
    leveldb::Status RenameFile(const std::string& from, const std::string& to) override;
    /// Creates the file; nobody else looks at it yet.
    leveldb::Status LockFile(const std::string& path, leveldb::FileLock** lock) override;
};

}  // namespace unstick::pairs
