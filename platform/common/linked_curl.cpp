// libcurl as a part of the program, or loaded with it.

#include "platform/common/curl_functions.h"

namespace unstick {

Result<const CurlFunctions*> curl_functions()
{
    static constexpr CurlFunctions linked{
        .global_init = ::curl_global_init,
        .easy_init = ::curl_easy_init,
        .easy_setopt = ::curl_easy_setopt,
        .easy_perform = ::curl_easy_perform,
        .easy_getinfo = ::curl_easy_getinfo,
        .easy_cleanup = ::curl_easy_cleanup,
        .easy_strerror = ::curl_easy_strerror,
        .slist_append = ::curl_slist_append,
        .slist_free_all = ::curl_slist_free_all,
        .getdate = ::curl_getdate,
    };
    return &linked;
}

}  // namespace unstick
