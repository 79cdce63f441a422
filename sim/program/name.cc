#include "sim/program/name.h"

#include <cxxabi.h>

#include <cctype>
#include <cstdlib>

namespace sim {
namespace {

bool is_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// Drops ".part.0" and the like: the compiler's variants of a function are that function.
std::string_view without_clone_ending(std::string_view mangled) {
    const size_t dot = mangled.find('.', 1);
    return dot == std::string_view::npos ? mangled : mangled.substr(0, dot);
}

// Index behind the bracket that closes the one at `i`. "->", "<<" and the like do not occur inside
// types, and operators are not handed to this.
size_t behind_brackets(std::string_view text, size_t i) {
    int depth = 0;
    for (; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '(' || c == '<' || c == '[' || c == '{') {
            ++depth;
        } else if (c == ')' || c == '>' || c == ']' || c == '}') {
            if (--depth == 0) {
                return i + 1;
            }
        }
    }
    return text.size();
}

// At "operator": copies the operator's own symbol, which may be made of brackets. Returns the index
// behind it.
size_t copy_operator(std::string_view text, size_t i, std::string& out) {
    constexpr std::string_view word = "operator";
    out += word;
    i += word.size();
    if (text.substr(i).starts_with("()")) {
        out += "()";
        return i + 2;
    }
    if (i < text.size() && text[i] == ' ') {  // operator new, operator bool, operator"" _x
        while (i < text.size() && text[i] != '(') {
            out += text[i++];
        }
        return i;
    }
    while (i < text.size() && text[i] != '(' && !is_word(text[i]) && text[i] != ' ') {
        if (text[i] == '<' && out.back() != 'r' && out.back() != '<') {
            break;  // template arguments behind the symbol
        }
        out += text[i++];
    }
    return i;
}

bool at_operator(std::string_view text, size_t i) {
    constexpr std::string_view word = "operator";
    return text.substr(i).starts_with(word) && (i == 0 || !is_word(text[i - 1])) &&
           (i + word.size() >= text.size() || !is_word(text[i + word.size()]));
}

// "{lambda(int)#1}" -> "{lambda#1}", "{unnamed type#1}" as it is.
size_t copy_braces(std::string_view text, size_t i, std::string& out) {
    const size_t end = behind_brackets(text, i);
    const std::string_view inside = text.substr(i, end - i);
    const size_t open = inside.find('(');
    const size_t number = inside.rfind('#');
    if (open != std::string_view::npos && number != std::string_view::npos && open < number) {
        out += inside.substr(0, open);
        out += inside.substr(number);
    } else {
        for (const char c : inside) {
            out += c == ' ' ? '_' : c;
        }
    }
    return end;
}

// What stands before a name is its return type; what stands behind it are qualifiers.
std::string cut_at_spaces(std::string text) {
    while (text.ends_with(' ')) {
        text.pop_back();
    }
    for (const std::string_view qualifier : {" const", " volatile", " &", " &&"}) {
        while (text.ends_with(qualifier)) {
            text.resize(text.size() - qualifier.size());
        }
    }
    const size_t op = text.find("operator ");
    const size_t last = text.rfind(' ', op);
    return last == std::string::npos ? text : text.substr(last + 1);
}

}  // namespace

std::string demangle(std::string_view mangled) {
    std::string name(without_clone_ending(mangled));
    if (!name.starts_with("_Z")) {
        return name;
    }
    int status = 0;
    char* const text = abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status);
    if (status != 0 || text == nullptr) {
        return name;
    }
    std::string result = text;
    std::free(text);
    return result;
}

std::string plain_name(std::string_view demangled) {
    constexpr std::string_view anonymous = "(anonymous namespace)::";
    std::string out;
    size_t i = 0;
    while (i < demangled.size()) {
        if (at_operator(demangled, i)) {
            i = copy_operator(demangled, i, out);
        } else if (demangled.substr(i).starts_with(anonymous)) {
            i += anonymous.size();
        } else if (demangled.substr(i).starts_with("(&") || demangled.substr(i).starts_with("(*")) {
            // What is returned is a function's or an array's address: the name is in the brackets.
            const size_t end = behind_brackets(demangled, i);
            return plain_name(demangled.substr(i + 2, end - i - 3));
        } else if (demangled[i] == '(' || demangled[i] == '<' || demangled[i] == '[') {
            i = behind_brackets(demangled, i);
        } else if (demangled[i] == '{') {
            i = copy_braces(demangled, i, out);
        } else {
            out += demangled[i++];
        }
    }
    return cut_at_spaces(std::move(out));
}

std::string_view last_component(std::string_view plain) {
    const size_t colons = plain.rfind("::");
    return colons == std::string_view::npos ? plain : plain.substr(colons + 2);
}

bool name_matches(std::string_view plain, std::string_view written) {
    if (plain == written) {
        return true;
    }
    return plain.size() > written.size() + 2 && plain.ends_with(written) &&
           plain.substr(plain.size() - written.size() - 2).starts_with("::");
}

}  // namespace sim
