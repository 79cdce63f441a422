// A text that is a token prints as a text that is the same token; so does a token of any names.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "sim/explore/token_text.h"
#include "test/fuzz/fuzz_check.h"

namespace {

void check_round_trip(const sim::token& t) {
    const std::string text = print_token(t);
    sim::token again;
    std::string error;
    fuzz::require(parse_token(text, again, error), "a printed token reads back",
                  text + "\n" + error);
    fuzz::require(again == t, "a printed token means the same", text);
    fuzz::require(print_token(again) == text, "a token has one text", text);
    fuzz::require(text.find_first_of(" \n'\"$") == std::string::npos, "a token is one word", text);
}

void check_text(const std::string& text) {
    sim::token t;
    std::string error;
    if (parse_token(text, t, error)) {
        check_round_trip(t);
    } else {
        fuzz::require(!error.empty(), "a mistake is explained", text);
    }
}

// Cuts the bytes at each NUL: the names of one token after the other.
void check_names(const std::string& bytes) {
    sim::token t;
    size_t at = 0;
    const auto next = [&] {
        const size_t end = std::min(bytes.find('\0', at), bytes.size());
        std::string name = bytes.substr(at, end - at);
        at = std::min(end + 1, bytes.size());
        return name;
    };
    t.subject = next();
    t.variant = next();
    while (at < bytes.size()) {
        sim::deviation d;
        d.context = next();
        d.function = next();
        d.next = next();
        d.occurrence = static_cast<uint32_t>(d.context.size() + 1);
        if (d.function.size() % 2 == 1) {  // half of them have a witness
            d.kind = d.function;
            d.object = static_cast<uint32_t>(d.function.size() * 257 & 0xffff);
            d.nth = d.occurrence;
        }
        d.data = d.next.empty();  // who goes on has a name, an alternative has a number
        d.alternative = d.data ? static_cast<uint32_t>(d.function.size()) : 0;
        t.deviations.push_back(d);
        if (!d.context.empty()) {  // a location has a name
            t.visible.push_back(d.context);
        }
    }
    check_round_trip(t);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    check_text(bytes);
    check_names(bytes);
    return 0;
}
