// libcurl when the first page is asked for. Its name is the one that a linked program would have in it.

#include <dlfcn.h>

#include "platform/common/curl_functions.h"

namespace unstick {

namespace {

constexpr const char* library_name = "libcurl.so.4";

/// Not unloaded again: libraries behind it do not all take that well.
class Library {
public:
    Library() : handle_(::dlopen(library_name, RTLD_NOW | RTLD_LOCAL)) { note(handle_ != nullptr); }

    /// Nothing if it is not in it, and the fault is noted.
    template <class Function>
    void find(const char* name, Function*& function)
    {
        void* const found = handle_ == nullptr ? nullptr : ::dlsym(handle_, name);
        note(found != nullptr);
        function = reinterpret_cast<Function*>(found);  // POSIX: what dlsym() returns can be called
    }

    /// Why it cannot be used; empty if it can.
    const std::string& fault() const { return fault_; }

private:
    void note(bool good)
    {
        const char* const why = good || !fault_.empty() ? nullptr : ::dlerror();
        fault_ += why == nullptr ? "" : why;
    }

    void* handle_;
    std::string fault_;
};

struct Loaded {
    CurlFunctions functions{};
    std::string fault;
};

Loaded load()
{
    Loaded loaded;
    CurlFunctions& functions = loaded.functions;
    Library library;
    library.find("curl_global_init", functions.global_init);
    library.find("curl_easy_init", functions.easy_init);
    library.find("curl_easy_setopt", functions.easy_setopt);
    library.find("curl_easy_perform", functions.easy_perform);
    library.find("curl_easy_getinfo", functions.easy_getinfo);
    library.find("curl_easy_cleanup", functions.easy_cleanup);
    library.find("curl_easy_strerror", functions.easy_strerror);
    library.find("curl_slist_append", functions.slist_append);
    library.find("curl_slist_free_all", functions.slist_free_all);
    library.find("curl_getdate", functions.getdate);
    loaded.fault = library.fault();
    return loaded;
}

}  // namespace

Result<const CurlFunctions*> curl_functions()
{
    static const Loaded loaded = load();
    if (!loaded.fault.empty()) {
        return fail(Code::not_found, library_name, "libcurl cannot be loaded (" + loaded.fault + ")",
                    "install it (Debian, Ubuntu: libcurl4), or do not ask the site: --retest none");
    }
    return &loaded.functions;
}

}  // namespace unstick
