// Any store of any browser with hostile files in it, through its finder. The first byte says which store; then follows
// an archive (place.h) of the files in it. A store that is one file is the file with an empty name.

#include <algorithm>

#include "base/text.h"
#include "profiles/all.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/place.h"

using namespace unstick;
using fuzz::check;

namespace {

const std::vector<const StoreSpec*>& stores()
{
    static const std::vector<const StoreSpec*> all = [] {
        std::vector<const StoreSpec*> specs;
        for (const char* id : {"chromium", "safari", "epiphany"}) {
            for (const Adapter& adapter : adapters()) {
                for (const StoreSpec& spec : adapter.stores) {
                    if (adapter.id == id) {
                        specs.push_back(&spec);
                    }
                }
            }
        }
        return specs;
    }();
    return all;
}

bool is_below(const fs::path& name)
{
    return name.is_relative() &&
           std::none_of(name.begin(), name.end(), [](const fs::path& part) { return part == ".."; });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const fuzz::Place place("store");
    static const Site site = Site::parse("stuck.test").value();
    if (size == 0) {
        return 0;
    }
    const StoreSpec& spec = *stores()[*data % stores().size()];
    const fs::path profile = place.path() / "profile";
    fs::remove_all(profile);
    auto files = fuzz::read_archive(fuzz::text_of(data + 1, size - 1));
    for (auto& [name, content] : files) {
        name = std::string(spec.path) + (name.empty() || name == "@" ? name : "/" + name);
    }
    fuzz::unpack(files, profile);
    const Found found = spec.find(profile / spec.path, site);
    for (const Item& item : found.items) {
        check(!item.label.empty(), "an item has a label");
        for (const Piece& piece : item.pieces) {
            check(piece.container.starts_with(profile.string()), "a piece lies in the profile");
            check(piece.medium != Medium::file || is_below(piece.key), "a file lies below its folder");
        }
    }
    for (const Error& problem : found.problems) {
        check(!problem.where.empty() && !problem.what.empty(), "a problem says where and what");
    }
    return 0;
}
