#pragma once

#include <leveldb/env.h>

namespace unstick::pairs {

/// LevelDB's log file names our folders; nobody reads it.
class NoLog : public leveldb::Logger {
public:
    void Logv(const char*, std::va_list) override {}
};

}  // namespace unstick::pairs
