#include "containers/leveldb/tables.h"

#include <functional>

namespace unstick::pairs {

namespace {

leveldb::Options options_for_writing()
{
    leveldb::Options options;
    options.comparator = &internal_order();
    return options;
}

leveldb::Slice slice(std::string_view bytes)
{
    return {bytes.data(), bytes.size()};
}

}  // namespace

void Digest::add(std::string_view internal_key, std::string_view value)
{
    constexpr std::uint64_t odd = 0x9e3779b97f4a7c15;
    const std::hash<std::string_view> hash;
    ++count_;
    mixed_ = (mixed_ ^ hash(internal_key)) * odd;
    mixed_ = ((mixed_ >> 32U) ^ mixed_ ^ hash(value)) * odd;
}

TableWriter::TableWriter(std::unique_ptr<leveldb::WritableFile> file)
    : file_(std::move(file)), builder_(options_for_writing(), file_.get())
{
}

TableWriter::~TableWriter()
{
    if (!is_finished_) {
        builder_.Abandon();
    }
}

leveldb::Status TableWriter::add(std::string_view internal_key, std::string_view value)
{
    if (internal_key.size() < version_size ||
        (!is_empty() && internal_order().Compare(slice(internal_key), last_) <= 0)) {
        return leveldb::Status::Corruption("keys of a table are not in order");
    }
    if (is_empty()) {
        written_.entry.smallest = *parse_internal_key(internal_key);
    }
    last_ = internal_key;
    written_.digest.add(internal_key, value);
    builder_.Add(slice(internal_key), slice(value));
    return builder_.status();
}

leveldb::Status TableWriter::finish()
{
    is_finished_ = true;
    if (is_empty()) {
        builder_.Abandon();
        return file_->Close();
    }
    leveldb::Status status = builder_.Finish();
    written_.entry.size = builder_.FileSize();
    written_.entry.largest = *parse_internal_key(last_);
    return status.ok() ? file_->Close() : status;
}

}  // namespace unstick::pairs
