// Messages of the routing table as text: a line of `route monitor`, the words of an observer.
#include <algorithm>
#include <cctype>

#include "model/admin/error_text.h"
#include "model/admin/monitor.h"
#include "model/admin/route_print.h"
#include "model/admin/text.h"
#include "model/net/rtsock.h"

namespace model::admin {

using namespace net;

namespace {

struct type_name {
    int type;
    std::string_view name;  // behind RTM_
};
constexpr type_name type_names[] = {
    {RTM_ADD, "ADD"},         {RTM_DELETE, "DELETE"},
    {RTM_CHANGE, "CHANGE"},   {RTM_REDIRECT, "REDIRECT"},
    {RTM_MISS, "MISS"},       {RTM_RESOLVE, "RESOLVE"},
    {RTM_NEWADDR, "NEWADDR"}, {RTM_DELADDR, "DELADDR"},
    {RTM_IFINFO, "IFINFO"},   {RTM_IFANNOUNCE, "IFANNOUNCE"},
    {RTM_DESYNC, "DESYNC"},
};

std::string_view name_of_type(int type) {
    for (const type_name& t : type_names) {
        if (t.type == type) {
            return t.name;
        }
    }
    return "?";
}

bool is_about_an_interface(const rt_message& m) {
    return m.type == RTM_IFINFO || m.type == RTM_IFANNOUNCE;
}

bool is_about_an_address(const rt_message& m) {
    return m.type == RTM_NEWADDR || m.type == RTM_DELADDR;
}

// "10.9.0.0/16 10.0.2.2": what a route leads to, and by whom.
std::string route_text(const rt_message& m) {
    std::string text = address_text(m.dest) + "/" + std::to_string(m.plen);
    if (m.gateway != 0) {
        text += " " + address_text(m.gateway);
    } else if (m.lladdr != 0) {
        text += " " + lladdr_text(m.lladdr);
    }
    return text;
}

std::string interface_text(const rt_message& m) {
    if (m.type == RTM_IFANNOUNCE) {
        return std::string(m.ifname) + (m.there ? " arrival" : " departure");
    }
    return std::string(m.ifname) + (m.there ? " link up" : " link down");
}

}  // namespace

int message_type(std::string_view name) {
    std::string upper(name);
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    const std::string_view behind =
        upper.starts_with("RTM_") ? std::string_view(upper).substr(4) : std::string_view(upper);
    for (const type_name& t : type_names) {
        if (t.name == behind) {
            return t.type;
        }
    }
    return 0;
}

std::string message_line(const rt_message& m) {
    std::string line = "RTM_" + std::string(name_of_type(m.type));
    if (m.type == RTM_DESYNC) {
        return line + ": messages were lost\n";
    }
    line += ": ";
    if (is_about_an_interface(m)) {
        line += interface_text(m) + ", if# " + std::to_string(m.ifidx);
        line += m.type == RTM_IFINFO
                    ? ", mtu " + std::to_string(m.mtu) + ", flags " + hex_text(m.flags)
                    : "";
        return line + "\n";
    }
    line += route_text(m) + ", if# " + std::to_string(m.ifidx);
    if (is_about_an_address(m)) {
        return line + "\n";
    }
    line += ", priority " + std::to_string(m.priority);
    line += m.mtu != 0 ? ", mtu " + std::to_string(m.mtu) : "";
    line += m.author != 0 ? ", author " + address_text(m.author) : "";
    line += m.error != 0 ? std::string(", ") + error_text(m.error) : "";
    return line + ", flags <" + route_flags_text(m.flags) + ">\n";
}

std::string message_words(const rt_message& m) {
    std::string words(name_of_type(m.type));
    std::transform(words.begin(), words.end(), words.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (m.type == RTM_DESYNC) {
        return words;
    }
    words += " " + (is_about_an_interface(m) ? interface_text(m) : route_text(m));
    return words + (m.error != 0 ? " refused" : "");
}

}  // namespace model::admin
