#include "diagnosis/search.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <map>
#include <optional>

namespace unstick {

namespace {

constexpr std::size_t to_confirm = 2;  // visits that are kept for seeing both sides of the proof again

class Search {
public:
    Search(const SearchInput& input, const Oracle& oracle) : input_(input), oracle_(oracle) {}

    SearchResult run()
    {
        if (!begins() || !try_hypotheses() || !shrink() || !leave_out_each() || !confirm()) {
            return std::move(result_);
        }
        result_.end = SearchEnd::proved;
        return std::move(result_);
    }

private:
    /// Nothing when the search has to end here.
    using Seen = std::optional<Shown>;

    bool end(SearchEnd how)
    {
        result_.end = how;
        return false;
    }

    Seen visit(const Items& away, std::size_t reserve)
    {
        if (result_.trail.size() + reserve >= input_.visits) {
            end(SearchEnd::budget);
            return std::nullopt;
        }
        const Shown shown = oracle_(away);
        result_.trail.push_back({away, shown});
        if (shown == Shown::no_answer) {
            end(SearchEnd::no_answer);
            return std::nullopt;
        }
        return shown;
    }

    /// What was seen once is not asked again.
    Seen ask(Items away)
    {
        std::sort(away.begin(), away.end());
        if (const auto known = known_.find(away); known != known_.end()) {
            return known->second;
        }
        const Seen seen = visit(away, to_confirm);
        if (seen) {
            known_.emplace(std::move(away), *seen);
        }
        return seen;
    }

    /// Is it stuck as it is?
    bool begins()
    {
        const Seen as_it_is = ask({});
        if (!as_it_is || *as_it_is != Shown::stuck) {
            return as_it_is ? end(*as_it_is == Shown::in ? SearchEnd::not_stuck : SearchEnd::cannot_tell) : false;
        }
        if (input_.items == 0) {
            return end(SearchEnd::not_here);
        }
        Items all;
        for (std::size_t i = 0; i < input_.items; ++i) {
            all.push_back(i);
        }
        put_in_order(all);
        return input_.everything == Everything::last || try_everything();
    }

    /// Is it in with everything away?
    bool try_everything()
    {
        const Seen without = ask(order_);
        if (!without || *without == Shown::cannot_tell) {
            return without && end(SearchEnd::cannot_tell);
        }
        if (*without == Shown::in) {
            result_.needed = order_;
            std::sort(result_.needed.begin(), result_.needed.end());
        }
        return true;
    }

    /// What hypotheses name first, as if it were a store of its own.
    void put_in_order(const Items& all)
    {
        std::vector<bool> named(input_.items, false);
        for (const Items& items : input_.hypotheses) {
            for (const std::size_t item : items) {
                if (!named[item]) {
                    named[item] = true;
                    order_.push_back(item);
                }
            }
        }
        groups_.assign(order_.size(), input_.items);
        for (const std::size_t item : all) {
            if (!named[item]) {
                order_.push_back(item);
                groups_.push_back(store_of(item));
            }
        }
    }

    std::size_t store_of(std::size_t item) const { return input_.stores.empty() ? 0 : input_.stores[item]; }

    bool try_hypotheses()
    {
        for (const Items& items : input_.hypotheses) {
            const Seen seen = items.empty() ? Seen(Shown::stuck) : ask(items);
            if (!seen) {
                return false;
            }
            if (*seen == Shown::in) {
                result_.needed = items;
                std::sort(result_.needed.begin(), result_.needed.end());
                order_ = result_.needed;
                groups_.clear();
                std::transform(order_.begin(), order_.end(), std::back_inserter(groups_),
                               [&](std::size_t item) { return store_of(item); });
                return true;
            }
        }
        if (input_.everything == Everything::last && !try_everything()) {
            return false;
        }
        // Everything away may be too much (a session of two that are there is good), but then a hypothesis lets in.
        return !result_.needed.empty() || end(SearchEnd::not_here);
    }

    /// Where to cut between two ends: where a store ends, if one does there; else in the middle.
    std::size_t cut(std::size_t from, std::size_t to) const
    {
        std::vector<std::size_t> ends;
        for (std::size_t i = from + 1; i < to; ++i) {
            if (groups_[i] != groups_[i - 1]) {
                ends.push_back(i);
            }
        }
        return ends.empty() ? from + (to - from) / 2 : ends[ends.size() / 2];
    }

    /// What is needed already, and the first ones of those that are left.
    Items with_first(const Items& sure, std::size_t count) const
    {
        Items items = sure;
        items.insert(items.end(), order_.begin(), order_.begin() + static_cast<std::ptrdiff_t>(count));
        std::sort(items.begin(), items.end());
        return items;
    }

    /// One needed item after the other: the last of the shortest row of items that lets in together with those that are
    /// known.
    bool shrink()
    {
        Items sure;
        std::size_t in = order_.size();  // with so many it is let in
        while (in > 0) {
            const Seen enough = ask(sure);
            if (!enough) {
                return false;
            }
            if (*enough == Shown::in) {
                break;
            }
            std::size_t out = 0;  // with so many it is not
            while (in - out > 1) {
                const std::size_t middle = cut(out, in);
                const Seen seen = ask(with_first(sure, middle));
                if (!seen) {
                    return false;
                }
                (*seen == Shown::in ? in : out) = middle;
                result_.needed = with_first(sure, in);
            }
            sure.push_back(order_[--in]);
        }
        result_.needed = with_first(sure, 0);
        return true;
    }

    /// Is each of them needed? An oracle that another removal can turn from in to stuck leads `shrink` astray.
    bool leave_out_each()
    {
        bool clear = true;
        for (std::size_t i = 0; i < result_.needed.size();) {
            Items others = result_.needed;
            others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
            const Seen seen = ask(others);
            if (!seen) {
                return false;
            }
            if (*seen == Shown::in) {
                result_.needed = std::move(others);
                i = 0;
                clear = true;
                continue;
            }
            clear = clear && *seen == Shown::stuck;
            ++i;
        }
        return clear || end(SearchEnd::cannot_tell);
    }

    bool confirm()
    {
        const Seen without = visit(result_.needed, 0);
        if (!without) {
            return false;
        }
        const Seen as_it_is = visit({}, 0);
        if (!as_it_is) {
            return false;
        }
        return (*without == Shown::in && *as_it_is == Shown::stuck) || end(SearchEnd::not_steady);
    }

    const SearchInput& input_;
    const Oracle& oracle_;
    std::map<Items, Shown> known_;
    Items order_;                      ///< what is made smaller, in the order in which it is looked at
    std::vector<std::size_t> groups_;  ///< by place in `order_`: the store
    SearchResult result_;
};

}  // namespace

SearchResult find_needed(const SearchInput& input, const Oracle& oracle)
{
    return Search(input, oracle).run();
}

std::size_t most_visits(std::size_t hypotheses, std::size_t stores, std::size_t items, std::size_t needed)
{
    const auto halves = [](std::size_t count) {
        return count < 2 ? std::size_t{0} : static_cast<std::size_t>(std::bit_width(count - 1));
    };
    return 4 + hypotheses + needed * (halves(stores + 1) + halves(items) + 2);
}

}  // namespace unstick
