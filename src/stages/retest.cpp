#include "retest.h"

#include "../audit.h"
#include "../text.h"

namespace unstick {

void ask_site(Job& job)
{
    const Url& target = job.request.site->target();
    job.report.target = shown_url(target.text());
    job.stages.next("asking " + job.report.target);
    job.report.before = probe(job.host, target.text(), job.request.probe);
    compare(job.host, target, job.request.probe, *job.report.before);
}

void ask_with_cookies(Job& job, std::span<const ProfilePlan> inventory)
{
    Report& report = job.report;
    if (!job.request.send_cookies || !report.before || !is_let_in(*report.before)) {
        return;
    }
    for (std::size_t i = 0; i < inventory.size(); ++i) {
        if (auto asked = probe_with_cookies(job.host, job.request.site->target(), job.request.probe, inventory[i])) {
            asked->profile = i;
            report.with_cookies.push_back(std::move(*asked));
        }
    }
}

std::map<std::string, ScriptAnswer> ask_for_scripts(const Job& job, std::span<const ProfilePlan> inventory)
{
    constexpr std::size_t most = 10;
    std::map<std::string, ScriptAnswer> answers;
    if (!job.report.before || job.report.before->status == 0) {
        return answers;
    }
    const auto ask = [&](const std::string& script) {
        const Reply reply = job.host.http(job.request.probe.http)->get(script);
        ScriptAnswer& answer = answers[script];
        answer.status = reply.status;
        for (const auto& [name, value] : reply.headers) {
            answer.is_page = answer.is_page || (lower(name) == "content-type" && lower(value).starts_with("text/html"));
        }
    };
    for (const ProfilePlan& plan : inventory) {
        for (const StorePlan& store : plan.stores) {
            for (const Item& item : store.found.items) {
                if (item.type == ItemType::service_worker && job.request.site->owns_url(item.script) &&
                    !answers.contains(item.script) && answers.size() < most) {
                    ask(item.script);
                }
            }
        }
    }
    return answers;
}

}  // namespace unstick
