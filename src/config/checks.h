// Checks on single settings, wherever they come from: a setter, a kubeconfig, a pod's environment.
#pragma once

#include <string>
#include <string_view>

namespace k8sc {

// What would end or split a header line, or cannot be shown.
bool has_control_character(std::string_view text);

// A DNS label as RFC 1123 has it, which is what a namespace's name must be.
bool is_dns_label(std::string_view text);
// What a namespace's name must be, for messages.
extern const std::string_view dns_label_rule;

// A host's name or address, without brackets; what stands in it is not looked into further.
bool is_host_name(std::string_view text);

// What is wrong with a proxy's URL, as the end of a sentence about it; "" where it can be used: http, https, socks5 or
// socks5h, a host, a port or none. It is not shown, as it may hold a password.
std::string proxy_url_fault(std::string_view url);

}  // namespace k8sc
