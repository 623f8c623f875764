#pragma once
// IP addresses as text, by the system's own functions (platform/common/ip.cpp).

#include <string>

namespace unstick {

enum class Ip { v4, v6 };

/// Canonical text of an address of this kind; empty if it is none.
std::string ip_text(Ip kind, const std::string& text);

/// Is it the address of either kind, without brackets?
bool is_ip(const std::string& text);

}  // namespace unstick
