#pragma once
// What a query lists, as values. For the journal and its media.

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/VariadicBind.h>

#include <cstdint>
#include <type_traits>
#include <vector>

namespace unstick::rows {

/// What `make` makes of each row. `parameters` take the query's question marks, in order. Throws SQLite::Exception.
template <class Make, class... Parameters>
auto list(SQLite::Database& database, const char* query, const Make& make, Parameters... parameters)
{
    SQLite::Statement rows(database, query);
    SQLite::bind(rows, static_cast<std::int64_t>(parameters)...);
    std::vector<std::invoke_result_t<Make, SQLite::Statement&>> all;
    while (rows.executeStep()) {
        all.push_back(make(rows));
    }
    return all;
}

}  // namespace unstick::rows
