#include "model/admin/sysctl.h"

#include <cerrno>
#include <optional>

#include "model/admin/complaint.h"
#include "model/admin/text.h"
#include "model/admin/tools.h"
#include "model/net/stack.h"

namespace model::admin {

namespace {

using netinet::ip_state;

constexpr sysctl_variable variables[] = {
    {"net.inet.ip.forwarding", &ip_state::forwarding, 0, 2},
    {"net.inet.ip.redirect", &ip_state::redirect, 0, 1},
    {"net.inet.ip.multipath", &ip_state::multipath, 0, 1},
    {"net.inet.ip.ttl", &ip_state::ttl, 0, 255},
    {"net.inet.ip.directed-broadcast", &ip_state::directed_broadcast, 0, 1},
    {"net.inet.ip.sourceroute", &ip_state::sourceroute, 0, 1},
    {"net.inet.ip.maxqueue", &ip_state::maxqueue, 0, 10000},
    {"net.inet.icmp.maskrepl", &ip_state::maskrepl, 0, 1},
    {"net.inet.icmp.bmcastecho", &ip_state::bmcastecho, 0, 1},
    {"net.inet.icmp.tstamprepl", &ip_state::tstamprepl, 0, 1},
    {"net.inet.icmp.rediraccept", &ip_state::rediraccept, 0, 1},
    {"net.inet.icmp.redirtimeout", &ip_state::redirtimeout, 0, INT32_MAX},
    {"net.inet.icmp.errppslimit", &ip_state::errppslimit, -1, 1000},
};

std::string_view level_of(std::string_view name, size_t level) {
    for (; level > 0 && !name.empty(); --level) {
        const size_t dot = name.find('.');
        name = dot == std::string_view::npos ? std::string_view{} : name.substr(dot + 1);
    }
    return name.substr(0, name.find('.'));
}

void print(const ip_state& state, const sysctl_variable& v, bool value_only, std::string& out) {
    out += value_only ? "" : std::string(v.name) + "=";
    out += std::to_string((state.*v.value).load()) + "\n";
}

bool is_below(std::string_view name, std::string_view node) {
    return name.starts_with(node) && name.size() > node.size() && name[node.size()] == '.';
}

// Every variable below a node; false if it is no node.
bool print_below(const ip_state& state, std::string_view node, bool value_only, std::string& out) {
    bool found = false;
    for (const sysctl_variable& v : variables) {
        if (is_below(v.name, node)) {
            print(state, v, value_only, out);
            found = true;
        }
    }
    return found;
}

// The first part of the name that no variable has there.
int invalid_name(std::string_view name, std::string& out) {
    constexpr const char* levels[] = {"top", "second", "third", "fourth"};
    std::string known;  // the levels that fit
    for (size_t level = 0; level < 4; ++level) {
        const std::string candidate = known + std::string(level_of(name, level));
        bool fits = false;
        for (const sysctl_variable& v : variables) {
            const std::string_view whole = v.name;
            fits = fits || whole == candidate || is_below(whole, candidate);
        }
        if (!fits || level_of(name, level).empty()) {
            return errx(out, "sysctl",
                        std::string(levels[level]) + " level name " +
                            std::string(level_of(name, level)) + " in " + std::string(name) +
                            " is invalid");
        }
        known = candidate + ".";
    }
    return errx(out, "sysctl", "name " + std::string(name) + " is too long");
}

std::optional<int> parse_int(std::string_view text) {
    const bool negative = text.starts_with('-');
    const auto digits = parse_number(negative ? text.substr(1) : text, INT32_MAX);
    if (!digits) {
        return std::nullopt;
    }
    return negative ? -static_cast<int>(*digits) : static_cast<int>(*digits);
}

int set(ip_state& state, const sysctl_variable& v, std::string_view text, bool quiet,
        std::string& out) {
    const auto value = parse_int(text);
    if (!value) {
        return errx(out, "sysctl",
                    std::string(v.name) + ": value is invalid: " + std::string(text));
    }
    if (*value < v.min || *value > v.max) {
        return err(out, "sysctl", v.name, EINVAL);
    }
    const int before = (state.*v.value).exchange(*value);
    if (!quiet) {
        out += std::string(v.name) + ": " + std::to_string(before) + " -> " +
               std::to_string(*value) + "\n";
    }
    return 0;
}

}  // namespace

std::span<const sysctl_variable> sysctl_variables() {
    return variables;
}

const sysctl_variable* sysctl_variable_or_null(std::string_view name) {
    for (const sysctl_variable& v : variables) {
        if (name == v.name) {
            return &v;
        }
    }
    return nullptr;
}

int sysctl(net::stack& st, arguments args, std::string& out) {
    bool value_only = false;
    bool quiet = false;
    while (!args.empty() && args[0].starts_with('-')) {
        value_only = value_only || args[0] == "-n";
        quiet = quiet || args[0] == "-q";
        if (args[0] != "-n" && args[0] != "-q" && args[0] != "-a" && args[0] != "-w") {
            out += "usage: sysctl [-anqw] [name[=value] ...]\n";
            return 1;
        }
        args = args.subspan(1);
    }
    if (args.empty()) {
        for (const sysctl_variable& v : variables) {
            print(*st.ip, v, value_only, out);
        }
    }
    int status = 0;
    for (std::string_view arg : args) {
        const size_t equals = arg.find('=');
        const sysctl_variable* v = sysctl_variable_or_null(arg.substr(0, equals));
        const bool asks = equals == std::string_view::npos;
        if (v == nullptr && asks && print_below(*st.ip, arg, value_only, out)) {
            continue;
        }
        if (v == nullptr) {
            status = invalid_name(arg.substr(0, equals), out);
        } else if (asks) {
            print(*st.ip, *v, value_only, out);
        } else if (set(*st.ip, *v, arg.substr(equals + 1), quiet, out) != 0) {
            status = 1;
        }
    }
    return status;
}

}  // namespace model::admin
