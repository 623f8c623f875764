#pragma once
// The search for what keeps a browser out: experiments with some of the items taken away. Pure: it knows an oracle,
// which answers whether the browser is stuck without these items, and nothing of browsers, sites or profiles.

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

namespace unstick {

/// What an experiment shows.
enum class Shown {
    stuck,
    in,
    cannot_tell,
    no_answer,  ///< there was none, and there is no point in asking again: the search ends
};

/// Items by their numbers, ascending, each once.
using Items = std::vector<std::size_t>;

/// Is the browser stuck with these items taken away?
using Oracle = std::function<Shown(const Items& away)>;

/// When it is tried with everything away: at once, as that says whether anything here is the cause; or after the
/// hypotheses, where each experiment costs somebody what is away.
enum class Everything { first, last };

struct SearchInput {
    std::size_t items = 0;                 ///< how many there are: 0 to items - 1
    std::vector<Items> hypotheses = {};    ///< what may be the cause, the likeliest first
    std::vector<std::size_t> stores = {};  ///< by item: the store that it is in, ascending; empty: all in one
    std::size_t visits = 12;               ///< how many experiments there may be
    Everything everything = Everything::first;
};

struct Experiment {
    Items away;
    Shown shown = Shown::stuck;
};

enum class SearchEnd {
    proved,       ///< `needed` lets in, was seen twice, and no part of it with one item less does
    budget,       ///< visits ran out: `needed`, if it is not empty, lets in, but less may do
    not_stuck,    ///< with everything in place it is not stuck
    not_here,     ///< with everything away it is stuck still, and with what a hypothesis names as well
    not_steady,   ///< the same experiment showed one thing and then another
    cannot_tell,  ///< what decides cannot be told from what was shown
    no_answer,    ///< the oracle gave up
};

struct SearchResult {
    SearchEnd end = SearchEnd::cannot_tell;
    Items needed;                   ///< empty unless it lets in
    std::vector<Experiment> trail;  ///< all experiments, in order
};

/// First nothing away, then everything (or last, see Everything), then the hypotheses in order. What lets in first is
/// made smaller: store by store, then by halves, one needed item after the other. Then both sides of the proof are seen
/// once more.
///
/// With h hypotheses, s stores, n items and k needed ones, an oracle that is steady and that no further removal turns
/// from in to stuck is asked at most most_visits(...) times; never more than `visits` times in any case. "proved" is
/// always 1-minimal, for any steady oracle.
SearchResult find_needed(const SearchInput& input, const Oracle& oracle);

/// 4 + h + k * (ceil(log2(s + 1)) + ceil(log2 n) + 2)
std::size_t most_visits(std::size_t hypotheses, std::size_t stores, std::size_t items, std::size_t needed);

}  // namespace unstick
