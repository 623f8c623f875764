// Reports, compared with approved ones in tests/golden/. UNSTICK_APPROVE=1
// writes those anew: look at the difference before you commit it.

#include <cstdlib>

#include "base/version.h"
#include "tests/fixtures/reports.h"
#include "tests/fixtures/testing.h"

using namespace unstick;
using namespace testing::reports;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

/// The version changes with every release; the golden files do not.
std::string without_version(std::string text)
{
    const std::string number = version;
    for (const std::string before : {"\"version\": \"", "Made by unstick ", "unstick</th><td>"}) {
        if (const auto at = text.find(before + number); at != std::string::npos) {
            text.replace(at + before.size(), number.size(), "VERSION");
        }
    }
    return text;
}

void check_golden(const std::string& file, const std::string& text)
{
    const fs::path golden = fs::path(UNSTICK_GOLDEN) / file;
    const char* const approve = std::getenv("UNSTICK_APPROVE");
    if (approve != nullptr && std::string_view(approve) == "1") {
        unstick::testing::put(golden, text);
    }
    INFO(golden.string() << ": UNSTICK_APPROVE=1 writes it anew");
    REQUIRE(fs::exists(golden));
    CHECK(text == unstick::testing::get(golden));
}

}  // namespace

TEST_CASE("text reports are as approved")
{
    for (const Example& example : examples) {
        const Report report = example.make();
        TextOptions verbose;
        verbose.verbose = true;
        check_golden(std::string(example.name) + ".txt",
                     to_text(report, {}) + "\n--- verbose ---\n" + to_text(report, verbose));
    }
}

TEST_CASE("JSON reports are as approved")
{
    for (const Example& example : examples) {
        check_golden(std::string(example.name) + ".json", without_version(to_json(example.make())));
    }
}

TEST_CASE("HTML reports are as approved")
{
    for (const Example& example : examples) {
        check_golden(std::string(example.name) + ".html", without_version(to_html(example.make())));
    }
}
