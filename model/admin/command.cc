#include "model/admin/command.h"

#include "model/admin/complaint.h"
#include "model/admin/text.h"
#include "model/admin/tools.h"

namespace model::admin {

int command(net::stack& st, std::string_view text, std::string& out) {
    const std::vector<std::string_view> words = split_words(text.substr(0, text.find('\n')));
    if (words.empty()) {
        return 0;
    }
    const arguments args = arguments(words).subspan(1);
    static constexpr struct {
        std::string_view name;
        int (*run)(net::stack& st, arguments args, std::string& out);
    } tools[] = {
        {"ifconfig", ifconfig},
        {"route", route},
        {"arp", arp},
        {"sysctl", sysctl},
        {"ping", ping},
        {"socket", socket},
        {"send", send},
        {"recv", recv},
        {"close", close},
        {"netstat", netstat},
        {"listen", listen},
        {"connect", connect},
        {"accept", accept},
        {"shutdown", shutdown},
        {"state", state},
        {"wire", wire},
        {"join", join},
        {"leave", leave},
        {"setsockopt", setsockopt},
        {"reinject", reinject},
    };
    for (const auto& [name, tool] : tools) {
        if (words[0] == name) {
            return tool(st, args, out);
        }
    }
    if (words[0] == "pfctl") {
        const size_t line_end = text.find('\n');
        const bool has_input = line_end != std::string_view::npos;
        return pfctl(st, args, has_input ? text.substr(line_end + 1) : "", out);
    }
    if (words[0] == "pf") {
        return pf_command(st, args, out);
    }
    errx(out, "sh", std::string(words[0]) + ": not found");
    return 127;
}

}  // namespace model::admin
