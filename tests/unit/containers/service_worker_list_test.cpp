// The list of Firefox's service workers: read, written the same, and hands off what is not understood.

#include "containers/service_worker_list.h"

#include "tests/fixtures/testing.h"

using namespace unstick;
namespace list = unstick::service_worker_list;

namespace {

const std::string first = "\nhttps://alpha.test/\nhttps://alpha.test/sw.js\n";
const std::string times = "1795919565228906\n1795919565304438\n1795919563551968\n";

/// A record as each version writes it.
std::string record_of(int version)
{
    std::string made = first;
    made += version >= 5 ? "false\n" : "";
    made += "{eab5420d-df43-4609-902e-773cfaff93b5}\n";
    made += version >= 6 ? "0\n" : "";
    made += version >= 7 ? times : "";
    made += version >= 9 ? "0\ntrue\n" : "";
    made += version >= 10 ? "0\n" : "";
    made += version >= 11 ? "2\n0\n-1\n" : "";
    made += version >= 12 ? "0\n" : "";
    return made + "#\n";
}

std::string line(int version)
{
    return std::to_string(version) + "\n";
}

}  // namespace

TEST_CASE("a list of every version is read, and written the same")
{
    const int version = GENERATE(range(list::oldest_version, list::newest_version + 1));
    CAPTURE(version);
    const std::string text = line(version) + record_of(version) + record_of(version);
    const auto read = list::parse(text);
    REQUIRE(read);
    REQUIRE(read->records.size() == 2);
    const list::Record& record = read->records[1];
    CHECK(record.attributes.empty());
    CHECK(record.scope == "https://alpha.test/");
    CHECK(record.script == "https://alpha.test/sw.js");
    CHECK(record.handles_fetch == (version < 5));
    CHECK(record.checked == (version >= 7 ? std::optional<std::int64_t>(1795919563) : std::nullopt));
    CHECK(list::write(*read) == text);
}

TEST_CASE("a list without workers is its version")
{
    const auto read = list::parse("12\n");
    REQUIRE(read);
    CHECK(read->records.empty());
    CHECK(list::write(*read) == "12\n");
}

TEST_CASE("what others keep with a worker belongs to its record, whatever it says")
{
    const std::string kept =
        "12\n^userContextId=2" + first + "true\n{x}\n0\n" + times + "0\ntrue\n2\nname\n#\n#\nvalue\n2\n0\n-1\n0\n#\n";
    const auto read = list::parse(kept + record_of(12));
    REQUIRE(read);
    REQUIRE(read->records.size() == 2);
    CHECK(read->records[0].attributes == "^userContextId=2");
    CHECK(read->records[0].handles_fetch);
    CHECK(read->records[0].key() == "^userContextId=2\nhttps://alpha.test/");
    CHECK(read->records[1].key() == "\nhttps://alpha.test/");
}

TEST_CASE("a list that is not understood to its last byte is left")
{
    const std::string good = line(12) + record_of(12);
    REQUIRE(list::parse(good));
    for (const std::string& bad :
         {std::string(), std::string("x\n"), std::string("12"), std::string(" 12\n"), good + "\n",
          good.substr(0, good.size() - 1), line(11) + record_of(12), line(12) + record_of(11), good + "junk",
          line(12) + first + "maybe\n" + record_of(12).substr(first.size() + 6)}) {
        CAPTURE(bad);
        const auto read = list::parse(bad);
        REQUIRE_FALSE(read);
        CHECK(read.error().code == Code::corrupt);
    }
    for (const int version : {3, 13}) {
        const auto read = list::parse(line(version) + record_of(12));
        REQUIRE_FALSE(read);
        CHECK(read.error().code == Code::unsupported);
    }
}

TEST_CASE("a file is read and replaced; an empty one holds nothing")
{
    const testing::TempFolder folder;
    const auto file = folder / "serviceworker.txt";
    CHECK(list::read_file(file).error().code == Code::not_found);
    testing::put(file, "");
    CHECK(list::read_file(file).error().code == Code::not_found);
    testing::put(file, "13\n");
    CHECK(list::read_file(file).error().where == file.string());
    testing::put(file, line(12) + record_of(12));
    auto read = list::read_file(file);
    REQUIRE(read);
    read->records.clear();
    REQUIRE(list::write_file(file, *read));
    CHECK(testing::get(file) == "12\n");
}
