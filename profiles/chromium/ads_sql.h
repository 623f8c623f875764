#pragma once
// The accounts of advertising that Chromium kept from about 2021 to 2025, as tables: they name the sites where a user
// was. Schemas from Chromium's source only, no file of a browser was at hand: docs/formats-chromium.md, "Advertising".

#include <array>

#include "finders/sql_table.h"
#include "profiles/chromium/sql_time.h"

namespace unstick::chromium {

// --- Interest groups (versions 21 to 35 have these columns) ------------------------------------------

constexpr std::array group_owners{
    SqlColumn{"owner", owns_url},
    SqlColumn{"joining_origin", owns_url},
};
constexpr std::array group_history_owners{SqlColumn{"owner", owns_url}};
constexpr SqlTable group_history_in(std::string_view table)
{
    return {
        .table = table,
        .owners = group_history_owners,
        .host = "owner",
        .noun = "history of an interest group",
    };
}
constexpr std::array debug_report_owners{SqlColumn{"origin", owns_url}};
constexpr std::array view_owners{
    SqlColumn{"provider_origin", owns_url},
    SqlColumn{"eligible_origin", owns_url},
};
constexpr std::array interest_group_tables{
    SqlTable{
        .table = "interest_groups",
        .owners = group_owners,
        .host = "owner",
        .partition = "joining_origin",
        .expires = unix_time<"expiration">,
        .noun = "interest group",
    },
    group_history_in("join_history"),
    group_history_in("bid_history"),
    group_history_in("win_history"),
    SqlTable{
        .table = "cooldown_debugging_only_report",
        .owners = debug_report_owners,
        .host = "origin",
        .noun = "pause of reports on advertisements",
        .optional = true,
    },
    SqlTable{
        .table = "view_and_click_events",
        .owners = view_owners,
        .host = "provider_origin",
        .partition = "eligible_origin",
        .noun = "views and clicks",
        .optional = true,
    },
};
constexpr SqlDatabase interest_groups{interest_group_tables, 21, 35};

// --- Conversions: which advertisement led where. Chromium drops what is older than version 52. --------

constexpr std::array source_owners{
    SqlColumn{"source_origin", owns_url},
    SqlColumn{"reporting_origin", owns_url},
    SqlColumn{"source_site", owns_partition},
};
constexpr std::array source_children{
    SqlChild{"source_destinations", "source_id", "source_id"},
    SqlChild{"dedup_keys", "source_id", "source_id"},
    SqlChild{"reports", "source_id", "source_id"},
};
constexpr std::array conversion_report_owners{
    SqlColumn{"context_origin", owns_url},
    SqlColumn{"reporting_origin", owns_url},
};
constexpr std::array destination_owners{SqlColumn{"destination_site", owns_partition}};
constexpr std::array rate_owners{
    SqlColumn{"context_origin", owns_url},
    SqlColumn{"reporting_origin", owns_url},
    SqlColumn{"source_site", owns_partition},
    SqlColumn{"destination_site", owns_partition},
};
constexpr std::array debug_rate_owners{
    SqlColumn{"context_site", owns_partition},
    SqlColumn{"reporting_origin", owns_url},
};
constexpr std::array conversion_tables{
    SqlTable{
        .table = "sources",
        .owners = source_owners,
        .children = source_children,
        .host = "source_origin",
        .partition = "reporting_origin",
        .expires = unix_time<"expiry_time">,
        .noun = "view or click of an advertisement",
    },
    SqlTable{
        .table = "reports",
        .owners = conversion_report_owners,
        .host = "context_origin",
        .partition = "reporting_origin",
        .noun = "report on an advertisement",
    },
    SqlTable{
        .table = "source_destinations",
        .owners = destination_owners,
        .host = "destination_site",
        .noun = "target of an advertisement",
    },
    SqlTable{
        .table = "rate_limits",
        .owners = rate_owners,
        .host = "context_origin",
        .partition = "reporting_origin",
        .noun = "count of reports on advertisements",
    },
    SqlTable{
        .table = "aggregatable_debug_rate_limits",
        .owners = debug_rate_owners,
        .host = "reporting_origin",
        .partition = "context_site",
        .noun = "count of reports on advertisements",
        .optional = true,
    },
};
constexpr SqlDatabase conversions{conversion_tables, 52, 67};

// --- Reports that wait to be sent -------------------------------------------------------------------

constexpr std::array key_server_owners{SqlColumn{"url", owns_url}};
constexpr std::array key_server_children{SqlChild{"keys", "url_id", "url_id"}};
constexpr std::array request_owners{SqlColumn{"reporting_origin", owns_url}};
constexpr std::array aggregation_tables{
    SqlTable{
        .table = "urls",
        .owners = key_server_owners,
        .children = key_server_children,
        .host = "url",
        .noun = "keys for reports",
    },
    SqlTable{
        .table = "report_requests",
        .owners = request_owners,
        .host = "reporting_origin",
        .bytes = "length(request_proto)",
        .noun = "report that waits",
        .optional = true,
    },
};
constexpr SqlDatabase aggregation{aggregation_tables, 1, 3};

}  // namespace unstick::chromium
