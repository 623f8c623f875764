#pragma once
// A LevelDB Env that writes a new database into a folder of ours.

#include "overlay_env.h"

namespace unstick::pairs {

/// Reads as OverlayEnv does, and writes to the disk: by paths of any length, which LevelDB's own cannot on Windows.
/// Nothing is durable until the whole folder is made so.
class WritingEnv : public OverlayEnv {
public:
    WritingEnv(files::fs::path folder_path, files::Folder folder);

    leveldb::Status NewWritableFile(const std::string& path, leveldb::WritableFile** result) override;
    leveldb::Status RemoveFile(const std::string& path) override;
    leveldb::Status RenameFile(const std::string& from, const std::string& to) override;

private:
    files::fs::path folder_path_;
};

}  // namespace unstick::pairs
