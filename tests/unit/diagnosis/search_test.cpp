// The search for what is needed, with oracles that are played.

#include "diagnosis/search.h"

#include <algorithm>
#include <random>

#include "tests/fixtures/catch.h"

using namespace unstick;

namespace {

bool has(const Items& items, std::size_t item)
{
    return std::binary_search(items.begin(), items.end(), item);
}

bool has_all(const Items& items, const Items& wanted)
{
    return std::all_of(wanted.begin(), wanted.end(), [&](std::size_t item) { return has(items, item); });
}

/// Lets in when all items of one of the causes are away.
Oracle lets_in_without(std::vector<Items> causes)
{
    return [causes = std::move(causes)](const Items& away) {
        return std::any_of(causes.begin(), causes.end(), [&](const Items& cause) { return has_all(away, cause); })
                   ? Shown::in
                   : Shown::stuck;
    };
}

bool is_minimal(const Items& needed, const Oracle& oracle)
{
    for (std::size_t i = 0; i < needed.size(); ++i) {
        Items others = needed;
        others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
        if (oracle(others) == Shown::in) {
            return false;
        }
    }
    return oracle(needed) == Shown::in;
}

Items some_of(std::size_t items, std::size_t count, std::mt19937& random)
{
    Items chosen;
    while (chosen.size() < count) {
        const std::size_t item = std::uniform_int_distribution<std::size_t>(0, items - 1)(random);
        if (std::find(chosen.begin(), chosen.end(), item) == chosen.end()) {
            chosen.push_back(item);
        }
    }
    std::sort(chosen.begin(), chosen.end());
    return chosen;
}

constexpr std::size_t no_limit = 1'000'000;

}  // namespace

TEST_CASE("with everything away it is stuck, too, but not with what a finding names")
{
    // Beside the bad session lies a good one: without either of them nobody is in.
    const Oracle beside_a_good_one = [](const Items& away) {
        return has(away, 4) && !has(away, 5) ? Shown::in : Shown::stuck;
    };
    const SearchResult found = find_needed({.items = 30, .hypotheses = {{3, 4}, {9}}, .visits = 12}, beside_a_good_one);
    CHECK(found.end == SearchEnd::proved);
    CHECK(found.needed == Items{4});
    const SearchResult others =
        find_needed({.items = 30, .hypotheses = {{4, 5}, {9}}, .visits = 12}, beside_a_good_one);
    CHECK(others.end == SearchEnd::not_here);
    CHECK(others.needed.empty());
    CHECK(others.trail.size() == 4);
}

TEST_CASE("what a finding names is proved in five visits")
{
    const SearchResult found =
        find_needed({.items = 30, .hypotheses = {{17}}, .stores = {}, .visits = 12}, lets_in_without({{17}}));
    CHECK(found.end == SearchEnd::proved);
    CHECK(found.needed == Items{17});
    REQUIRE(found.trail.size() == 5);
    CHECK(found.trail[0].away.empty());
    CHECK(found.trail[1].away.size() == 30);
    CHECK(found.trail[2].away == Items{17});
    CHECK(found.trail[3].shown == Shown::in);  // both sides once more
    CHECK(found.trail[4].shown == Shown::stuck);
}

TEST_CASE("of what a finding names only what is needed is left")
{
    const SearchResult found =
        find_needed({.items = 9, .hypotheses = {{1, 2}, {4, 7}}, .stores = {}, .visits = 12}, lets_in_without({{7}}));
    CHECK(found.end == SearchEnd::proved);
    CHECK(found.needed == Items{7});
    CHECK(found.trail.size() <= most_visits(2, 1, 2, 1));
}

TEST_CASE("nothing is wrong, or nothing that is here, or nothing can be told")
{
    const auto ends = [](const Oracle& oracle, std::size_t items = 5) {
        const SearchResult found = find_needed({.items = items}, oracle);
        CHECK(found.needed.empty());
        return std::pair(found.end, found.trail.size());
    };
    using Ends = std::pair<SearchEnd, std::size_t>;
    CHECK(ends([](const Items&) { return Shown::in; }) == Ends{SearchEnd::not_stuck, 1});
    CHECK(ends([](const Items&) { return Shown::stuck; }) == Ends{SearchEnd::not_here, 2});
    CHECK(ends([](const Items&) { return Shown::stuck; }, 0) == Ends{SearchEnd::not_here, 1});
    CHECK(ends([](const Items&) { return Shown::cannot_tell; }) == Ends{SearchEnd::cannot_tell, 1});
    CHECK(ends([](const Items& away) { return away.empty() ? Shown::stuck : Shown::cannot_tell; }) ==
          Ends{SearchEnd::cannot_tell, 2});
    CHECK(ends([](const Items&) { return Shown::no_answer; }) == Ends{SearchEnd::no_answer, 1});
}

TEST_CASE("an oracle that gives up ends the search with the smallest set so far")
{
    std::size_t asked = 0;
    const Oracle in_without_3 = lets_in_without({{3}});
    const SearchResult found = find_needed({.items = 8, .hypotheses = {{2, 3}}}, [&](const Items& away) {
        return ++asked > 3 ? Shown::no_answer : in_without_3(away);
    });
    CHECK(found.end == SearchEnd::no_answer);
    CHECK(found.needed == Items{2, 3});
    CHECK(found.trail.size() == 4);
}

TEST_CASE("what changes from visit to visit is not called proved")
{
    std::size_t asked = 0;
    const SearchResult found = find_needed({.items = 1}, [&](const Items& away) {
        return away.empty() && ++asked > 1 ? Shown::in : away.empty() ? Shown::stuck : Shown::in;
    });
    CHECK(found.end == SearchEnd::not_steady);
}

TEST_CASE("an item without which nothing can be told is not called needed")
{
    const SearchResult found = find_needed({.items = 2}, [&](const Items& away) {
        return away.size() == 2 ? Shown::in : away.empty() ? Shown::stuck : Shown::cannot_tell;
    });
    CHECK(found.end == SearchEnd::cannot_tell);
    CHECK(found.needed == Items{0, 1});
}

TEST_CASE("any number of items, one cause or several: the smallest set, within the visits of the formula")
{
    std::mt19937 random(2026);  // the same every time
    for (int run = 0; run < 600; ++run) {
        const std::size_t items = std::uniform_int_distribution<std::size_t>(1, run % 3 == 0 ? 2000 : 40)(random);
        const std::size_t needed =
            std::uniform_int_distribution<std::size_t>(1, std::min<std::size_t>(items, 4))(random);
        const Items cause = some_of(items, needed, random);
        SearchInput input{.items = items, .visits = no_limit};
        const std::size_t stores = std::uniform_int_distribution<std::size_t>(1, 6)(random);
        for (std::size_t i = 0; i < items; ++i) {
            input.stores.push_back(i * stores / items);
        }
        for (int i = run % 4; i > 0; --i) {
            input.hypotheses.push_back(some_of(items, std::min<std::size_t>(items, 3), random));
        }
        const Oracle oracle = lets_in_without({cause});
        const SearchResult found = find_needed(input, oracle);
        INFO("run " << run << ", " << items << " items, " << found.trail.size() << " visits");
        CHECK(found.end == SearchEnd::proved);
        CHECK(found.needed == cause);
        CHECK(found.trail.size() <= most_visits(input.hypotheses.size(), stores, items, needed));
    }
}

TEST_CASE("causes that overlap, each enough alone: one of them, and each item of it needed")
{
    std::mt19937 random(7);
    for (int run = 0; run < 300; ++run) {
        const std::size_t items = std::uniform_int_distribution<std::size_t>(3, 60)(random);
        std::vector<Items> causes;
        for (int i = 0; i < 3; ++i) {
            causes.push_back(some_of(items, std::uniform_int_distribution<std::size_t>(1, 3)(random), random));
        }
        const Oracle oracle = lets_in_without(causes);
        const SearchResult found = find_needed({.items = items, .visits = no_limit}, oracle);
        CHECK(found.end == SearchEnd::proved);
        CHECK(is_minimal(found.needed, oracle));
    }
}

TEST_CASE("a removal that keeps out again: still no item too many")
{
    std::mt19937 random(11);
    for (int run = 0; run < 500; ++run) {
        const std::size_t items = std::uniform_int_distribution<std::size_t>(3, 12)(random);
        std::vector<bool> lets_in;  // any answers whatever, but for nothing and everything
        for (std::size_t i = 0; i < std::size_t{1} << items; ++i) {
            lets_in.push_back(random() % 3 == 0);
        }
        lets_in.front() = false;
        lets_in.back() = true;
        const Oracle oracle = [&](const Items& away) {
            std::size_t bits = 0;
            for (const std::size_t item : away) {
                bits |= std::size_t{1} << item;
            }
            return lets_in[bits] ? Shown::in : Shown::stuck;
        };
        const SearchResult found = find_needed({.items = items, .visits = no_limit}, oracle);
        CHECK(found.end == SearchEnd::proved);
        CHECK(is_minimal(found.needed, oracle));
    }
}

TEST_CASE("visits that run out: what is left lets in, and is not called proved")
{
    std::mt19937 random(3);
    for (std::size_t visits = 0; visits < 40; ++visits) {
        const Items cause = some_of(500, 3, random);
        const Oracle oracle = lets_in_without({cause});
        std::size_t asked = 0;
        const SearchResult found = find_needed({.items = 500, .visits = visits}, [&](const Items& away) {
            ++asked;
            return oracle(away);
        });
        CHECK(asked <= visits);
        CHECK(asked == found.trail.size());
        if (found.end == SearchEnd::proved) {
            CHECK(found.needed == cause);
        } else {
            CHECK(found.end == SearchEnd::budget);
            CHECK((found.needed.empty() || has_all(found.needed, cause)));
        }
    }
}

TEST_CASE("answers by chance never make more visits than there may be")
{
    std::mt19937 random(5);
    for (int run = 0; run < 500; ++run) {
        const SearchResult found = find_needed({.items = 50, .hypotheses = {{3, 4}, {40}}, .visits = 12},
                                               [&](const Items&) { return static_cast<Shown>(random() % 3); });
        CHECK(found.trail.size() <= 12);
        CHECK((found.end != SearchEnd::proved || !found.needed.empty()));
    }
}

TEST_CASE("where each experiment costs what is away, everything is tried last, and only if no hypothesis lets in")
{
    const auto has_been = [](const SearchResult& found, std::size_t items) {
        return std::any_of(found.trail.begin(), found.trail.end(),
                           [&](const Experiment& one) { return one.away.size() == items; });
    };
    const Oracle oracle = lets_in_without({{7}});
    const SearchResult named =
        find_needed({.items = 30, .hypotheses = {{2}, {6, 7}}, .visits = 20, .everything = Everything::last}, oracle);
    CHECK(named.end == SearchEnd::proved);
    CHECK(named.needed == Items{7});
    CHECK_FALSE(has_been(named, 30));
    const SearchResult other =
        find_needed({.items = 30, .hypotheses = {{2}}, .visits = 20, .everything = Everything::last}, oracle);
    CHECK(other.end == SearchEnd::proved);
    CHECK(other.needed == Items{7});
    REQUIRE(other.trail.size() > 2);
    CHECK(other.trail[1].away == Items{2});
    CHECK(other.trail[2].away.size() == 30);
    CHECK(find_needed({.items = 3, .hypotheses = {{2}}, .visits = 20, .everything = Everything::last},
                      lets_in_without({}))
              .end == SearchEnd::not_here);
}
