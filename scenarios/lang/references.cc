#include "scenarios/lang/references.h"

#include <string>
#include <utility>

namespace scenario {

namespace {

constexpr uint64_t cpus_max = 64;

// "r1:em0" -> "r1" and "em0", each with its place; no colon -> "" and all of it.
std::pair<word, word> split_router(const word& w) {
    size_t colon = w.quoted ? std::string::npos : w.text.find(':');
    if (colon == std::string::npos) {
        return {{}, w};
    }
    word router = w;
    word rest = w;
    router.text = w.text.substr(0, colon);
    router.at.length = static_cast<uint32_t>(colon);
    rest.text = w.text.substr(colon + 1);
    rest.at.column += static_cast<uint32_t>(colon + 1);
    rest.at.length -= static_cast<uint32_t>(colon + 1);
    return {router, rest};
}

}  // namespace

interface_ref take_interface(word_cursor& words, std::string_view what) {
    word w = words.take_word(what);
    auto [router, name] = split_router(w);
    bool colon = !w.quoted && w.text.find(':') != std::string::npos;
    if (words.ok() && (!is_name(name) || (colon && !is_name(router)))) {
        words.fail_at(w.at, "'" + w.text + "' is not " + std::string(what), "em0, or r1:em0");
    }
    return {router, name};
}

cpu_ref take_cpu(word_cursor& words) {
    words.expect("cpu");
    word w = words.take_word("the number of a CPU");
    auto [router, number] = split_router(w);
    std::optional<uint64_t> cpu = parse_number(number.text);
    bool good = cpu && *cpu < cpus_max && (router.empty() || is_name(router));
    if (words.ok() && !good) {
        words.fail_at(w.at, "'" + w.text + "' is not the number of a CPU", "cpu 0, or cpu r1:0");
    }
    return {router, good ? static_cast<uint32_t>(*cpu) : 0, w.at};
}

std::string to_service(const placement& p, size_t routers) {
    const bool says = routers < 2 || p.context.text.find(':') != std::string::npos;
    return says ? p.context.text : p.cpu.router.text + ":" + p.context.text;
}

std::string to_text(const interface_ref& reference) {
    return reference.router.text + (reference.router.empty() ? "" : ":") + reference.name.text;
}

}  // namespace scenario
