#include "containers/leveldb/log_batches.h"

#include "base/byte_reader.h"
#include "containers/leveldb/encoding.h"
#include "containers/leveldb/log_records.h"

namespace unstick::pairs {

namespace {

/// Appends the changes of a batch that stay: where some are left out, in several batches, as only changes that follow
/// each other have numbers that do.
class Kept {
public:
    Kept(std::string& log, std::uint64_t sequence) : log_(log), batch_{sequence, 0, {}} {}

    void keep(std::string_view bytes)
    {
        changes_ += bytes;
        ++batch_.count;
    }

    void leave_out()
    {
        flush();
        ++batch_.sequence;
    }

    void flush()
    {
        if (batch_.count > 0) {
            batch_.changes = changes_;
            append_batch(log_, batch_);
            batch_ = {batch_.end(), 0, {}};
            changes_.clear();
        }
    }

private:
    std::string& log_;
    Batch batch_;
    std::string changes_;
};

}  // namespace

std::optional<Batch> read_batch(std::string_view record)
{
    ByteReader reader(record);
    Batch batch;
    batch.sequence = reader.little<std::uint64_t>();
    batch.count = reader.little<std::uint32_t>();
    batch.changes = reader.rest();
    return reader.ok() ? std::optional(batch) : std::nullopt;
}

bool each_change(std::string_view changes,
                 const std::function<void(std::string_view key, std::string_view bytes)>& visit)
{
    enum Type : std::uint8_t { removes, sets };
    ByteReader reader(changes);
    while (!reader.rest().empty()) {
        const std::string_view begin = reader.rest();
        const auto type = reader.little<std::uint8_t>();
        const std::string_view key = reader.sized();
        if (type == Type::sets) {
            reader.sized();
        }
        if (!reader.ok() || type > Type::sets) {
            return false;
        }
        visit(key, begin.substr(0, begin.size() - reader.rest().size()));
    }
    return true;
}

void append_batch(std::string& log, const Batch& batch)
{
    std::string record;
    append_little(record, batch.sequence, sizeof(batch.sequence));
    append_little(record, batch.count, sizeof(batch.count));
    record += batch.changes;
    append_record(log, record);
}

std::string log_without(std::string_view log, const std::function<bool(std::string_view key)>& is_dropped)
{
    std::string rest;
    each_record(log, [&](std::string_view record) {
        if (const auto batch = read_batch(record)) {
            Kept kept(rest, batch->sequence);
            each_change(batch->changes, [&](std::string_view key, std::string_view bytes) {
                is_dropped(key) ? kept.leave_out() : kept.keep(bytes);
            });
            kept.flush();
        }
        return true;
    });
    return rest;
}

}  // namespace unstick::pairs
