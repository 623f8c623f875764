#pragma once
// The journal of a run: everything that is taken out of profiles, so that it can be put back.
//
// One private folder a run, `<state>/runs/<id>/` (0700):
//     journal.db   SQLite: what was taken (rows and key-value pairs with their values) and from where
//     files/       moved files and folders, numbered
//     sealed       there once the journal is complete: only then has anything changed (seal.h)
//     lock         held while a process works on the run
//     replacements how far folders were replaced that are not yet done with (replacements.h)
// `<state>/runs/lock` is held while a process changes profiles, or may: one at a time.
// It is complete and synced before the first byte of a profile changes; carrying out (apply.h) and undoing
// (undo.h) both work from it alone. It holds secrets: nothing of it is ever printed but labels.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "journal/run_summary.h"
#include "model/adapter.h"
#include "model/item.h"
#include "model/kind.h"
#include "platform/files.h"
#include "platform/host.h"

namespace SQLite {
class Database;
}

namespace unstick {

/// Where the runs are.
inline std::filesystem::path runs_folder(const std::filesystem::path& state_folder)
{
    return state_folder / "runs";
}

class Replacements;

using ItemId = std::int64_t;

/// The media that a journal can hold pieces of.
using Media = std::vector<const MediumOps*>;

/// Those of journal/medium.cpp, and those that families bring.
Media media_of(std::span<const Adapter> families);

/// A file or folder of a profile that pieces were taken from, by one medium, for one store.
struct Container {
    std::int64_t id = 0;
    const MediumOps* medium = nullptr;
    fs::path path;
};

/// One store of one profile in a run.
struct JournalStore {
    std::int64_t id = 0;
    std::int64_t profile = 0;
    Kind kind = Kind::cookies;
    std::string label;
};

struct JournalItem {
    ItemId id = 0;
    std::int64_t store = 0;
    std::string label;
    std::uint64_t bytes = 0;
};

/// A journal that was opened cannot be read any more (a disk that fails). Thrown by what lists its content, caught in
/// run(): whoever lists is in the middle of a run, which ends there and can be taken up again.
struct JournalUnreadable {
    Error error;
};

class Journal {
public:
    /// How far a run has come. Kept in the journal itself, synced.
    enum class State { preparing, applying, done, undoing, undone };

    /// A new run below `state_folder`. `host` is for pieces that only its programs can take out and put back; it
    /// outlives the journal. Errors: denied, io.
    static Result<Journal> create(const fs::path& state_folder, const std::string& site, std::int64_t now,
                                  Host* host = nullptr, const Media& media = media_of({}));
    /// An existing run, also one of an earlier version. Errors: not_found, locked (another unstick works on it, or
    /// changes profiles), corrupt; unsupported (its schema, its state or one of its media is none that we know).
    static Result<Journal> open(const fs::path& state_folder, const std::string& id, Host* host = nullptr,
                                const Media& media = media_of({}));
    /// As open, but nothing of the run is changed, and others may change profiles. For stored_pieces::check.
    static Result<Journal> look(const fs::path& state_folder, const std::string& id, Host* host = nullptr,
                                const Media& media = media_of({}));
    /// A new run for the same site while this one is held: what an undo itself takes out. Errors: as create.
    Result<Journal> create_beside(std::int64_t now) const;
    Journal(Journal&&) noexcept;
    Journal& operator=(Journal&&) noexcept;
    ~Journal();

    const std::string& id() const { return id_; }
    const fs::path& folder() const { return folder_; }
    std::string site() const;  ///< throws JournalUnreadable, as does state
    State state() const;
    Result<void> set_state(State state);

    /// Saves one store's items with all that is needed to put them back. Nothing of the profile changes.
    /// Errors: changed (an item is not there any more), locked (by a browser, or another unstick changes profiles),
    /// denied, corrupt, io; then nothing of the store is carried out or undone.
    /// `former`: what goes with them and is not put back, being nothing that a browser would read.
    Result<void> record(const Profile& profile, Kind kind, std::string_view store, std::span<const Item> items,
                        std::span<const FormerKeys> former = {});
    /// Makes all that was recorded durable. From here on the profiles may be changed.
    Result<void> seal();

    // What was recorded, in the order of recording.
    // These five throw JournalUnreadable.
    std::vector<std::pair<std::int64_t, Profile>> profiles() const;
    std::vector<JournalStore> stores(std::int64_t profile) const;
    std::vector<Container> containers(std::int64_t store) const;  ///< in the order of removal
    std::vector<JournalItem> items(std::int64_t store) const;
    /// Items that have a piece in a container.
    std::set<ItemId> items_of(const Container& container) const;

    /// For the media only (journal/medium_*.cpp): their tables are in it.
    SQLite::Database& database() { return *database_; }
    fs::path files_folder() const { return folder_ / "files"; }
    Host* host() const { return host_; }
    Replacements& replacements() { return *replacements_; }
    /// Is what it says of places what it said when it was sealed? As seal::check; throws JournalUnreadable.
    Result<void> check_seal() const;
    /// Does it say of each piece what was stored (stored_pieces.h)? That of 0.1.0 does not.
    bool notes_pieces() const;

private:
    Journal(fs::path folder, std::string id, std::shared_ptr<SQLite::Database> database, files::Lock lock, Host* host,
            const Media& media);
    Result<void> lock_state_dir();
    std::int64_t profile_id(const Profile& profile);
    const MediumOps& named(Medium medium) const;
    void forget(std::int64_t store);
    template <class Make, class... Parameters>
    auto list(const char* query, const Make& make, Parameters... parameters) const;

    fs::path folder_;
    std::string id_;
    std::shared_ptr<SQLite::Database> database_;
    std::optional<files::Lock> lock_;
    std::shared_ptr<files::Lock> alone_;
    std::shared_ptr<Replacements> replacements_;
    Host* host_ = nullptr;
    Media media_;
};

/// All runs below `state_folder`, newest first. Unreadable ones are listed with the state "damaged", those of which
/// Journal::open would say that another version made them as "other-version", those of others as "not-ours"; those that
/// had not begun to change anything are "preparing". Errors: denied, io.
Result<std::vector<RunSummary>> list_runs(const fs::path& state_folder, const Media& media = media_of({}));

/// May a run have this name? Names come from command lines and folders.
bool is_run_id(std::string_view id);

/// What there is to say of the run in this folder, as list_runs does.
RunSummary summary_of_run(const fs::path& folder, const Media& media = media_of({}));

/// Erases one run's folder. Errors: not_found, locked, denied, io.
Result<void> erase_run(const fs::path& state_folder, const std::string& id);

/// Runs can be undone for this long; then the next `fix` erases them.
inline constexpr std::int64_t keep_runs_for_s = 7 * 24 * 3600;

/// Is the time of a run over?
enum class Expiry {
    no,
    yes,
    doubtful,  ///< its dates contradict each other, or are so far from now that the clock may be wrong
};
Expiry expiry_of(const RunSummary& run, std::int64_t now);

/// A run is complete if nothing is lost with it but the way back: it was carried out or undone to its end, or had not
/// begun to change anything. Others are only erased by name.
bool is_complete(const RunSummary& run);

}  // namespace unstick
