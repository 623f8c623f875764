// Completions for shells: what can stand where an argument is, from the option table.

#include "cli/help.h"
#include "cli/options.h"
#include "diagnosis/finding.h"
#include "model/kind.h"
#include "tests/fixtures/testing.h"

using namespace unstick;
using Catch::Matchers::Contains;

namespace {

std::string all_kinds_in_order()
{
    std::string words;
    for (const KindInfo& kind : kinds) {
        words += " " + std::string(kind.name);
    }
    return words.substr(1);
}

const std::vector<std::string> browsers{"lynx", "mosaic"};

}  // namespace

TEST_CASE("each shell completes every option, and after it what it takes")
{
    struct Shell {
        std::string name;
        std::string option;  ///< before an option's name
        std::string words;   ///< how words that an option takes are said
        std::string list;    ///< how a list is
    };
    const Shell shell = GENERATE(
        Shell{"bash", "--", R"(--retest) COMPREPLY=($(compgen -W "http clean browser person none")",
              R"(--browser) _unstick_list "lynx mosaic")"},
        Shell{"fish", "-l ", R"(-l retest -x -a "http clean browser person none")",
              R"x(-l browser -x -a "(__fish_append , lynx mosaic)")x"},
        Shell{"powershell", "--", R"('--retest' = 'http clean browser person none')", R"('--browser' = 'lynx mosaic')"},
        Shell{"zsh", "--", "]:HOW:(http clean browser person none)", "]:NAMES:_values -s , name lynx mosaic"});
    CAPTURE(shell.name);
    const std::string text = completion_for(shell.name, browsers);
    for (const Option& option : options) {
        CHECK_THAT(text, Contains(shell.option + std::string(option.name)));
    }
    CHECK_THAT(text, Contains(shell.words) && Contains(shell.list));
    CHECK_THAT(text, Contains(all_kinds_in_order()));
    for (const RuleInfo& rule : rules()) {
        CHECK_THAT(text, Contains(std::string(rule.id)));
    }
}

TEST_CASE("each shell completes commands, topics of help, and runs of undo")
{
    const std::string shell = GENERATE("bash", "fish", "powershell", "zsh");
    CAPTURE(shell);
    const std::string text = completion_for(shell, browsers);
    CHECK_THAT(text, Contains("fix why test undo runs profiles doctor scan bash fish powershell zsh man"));
    CHECK_THAT(text, Contains("unstick runs --json 2>"));
}

TEST_CASE("there are no completions for what is no shell")
{
    CHECK(completion_for("tcsh", browsers).empty());
    CHECK(completion_for("", browsers).empty());
}
