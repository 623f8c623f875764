#pragma once
// What http_client.cpp calls of libcurl. Most of what a start of unstick would cost is libcurl and the libraries behind
// it, and most commands ask no page: so it may come late. CMake picks where the functions come from.

#include <curl/curl.h>

#include "base/result.h"

namespace unstick {

struct CurlFunctions {
    decltype(&::curl_global_init) global_init;
    decltype(&::curl_easy_init) easy_init;
    decltype(&::curl_easy_setopt) easy_setopt;
    decltype(&::curl_easy_perform) easy_perform;
    decltype(&::curl_easy_getinfo) easy_getinfo;
    decltype(&::curl_easy_cleanup) easy_cleanup;
    decltype(&::curl_easy_strerror) easy_strerror;
    decltype(&::curl_slist_append) slist_append;
    decltype(&::curl_slist_free_all) slist_free_all;
    decltype(&::curl_getdate) getdate;
};

/// They live as long as the program. Errors: not_found, it cannot be loaded: the same each time.
Result<const CurlFunctions*> curl_functions();

}  // namespace unstick
