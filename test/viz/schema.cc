#include "test/viz/schema.h"

#include <fstream>
#include <regex>
#include <set>

namespace test {

namespace {

using json = nlohmann::json;

class checker {
  public:
    explicit checker(const json& root) : root_(root) {}

    // NOLINTNEXTLINE(misc-no-recursion): as deep as the schema
    std::string check(const json& value, const json& schema, const std::string& at) const {
        for (const auto& [word, rule] : schema.items()) {
            const std::string wrong = word_of(word, rule, value, schema, at);
            if (!wrong.empty()) {
                return wrong;
            }
        }
        return "";
    }

  private:
    std::string word_of(const std::string& word, const json& rule, const json& value,
                        const json& schema, const std::string& at) const {
        static const std::set<std::string> silent = {"$schema", "$defs", "title", "description"};
        if (silent.contains(word)) {
            return "";
        }
        if (word == "$ref") {
            return check(value, root_.at(json::json_pointer(rule.get<std::string>().substr(1))),
                         at);
        }
        if (word == "type") {
            return has_type(value, rule) ? "" : at + ": is no " + rule.get<std::string>();
        }
        if (word == "const") {
            return value == rule ? "" : at + ": is not " + rule.dump();
        }
        if (word == "enum") {
            return std::find(rule.begin(), rule.end(), value) != rule.end()
                       ? ""
                       : at + ": " + value.dump() + " is none of " + rule.dump();
        }
        if (word == "oneOf") {
            return one_of(rule, value, at);
        }
        // A rule about another type says nothing of this value; its type is a rule of its own.
        if (belongs_to_another_type(word, value)) {
            return "";
        }
        if (value.is_object()) {
            return object_word(word, rule, value, schema, at);
        }
        if (value.is_array()) {
            return array_word(word, rule, value, at);
        }
        return scalar_word(word, rule, value, at);
    }

    static bool belongs_to_another_type(const std::string& word, const json& value) {
        static const std::set<std::string> object = {"required", "properties",
                                                     "additionalProperties"};
        static const std::set<std::string> list = {"items", "prefixItems", "minItems", "maxItems"};
        static const std::set<std::string> text = {"minLength", "pattern"};
        return (object.contains(word) && !value.is_object()) ||
               (list.contains(word) && !value.is_array()) ||
               (text.contains(word) && !value.is_string()) ||
               (word == "minimum" && !value.is_number());
    }

    static bool has_type(const json& value, const std::string& type) {
        return (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
               (type == "string" && value.is_string()) ||
               (type == "boolean" && value.is_boolean()) ||
               (type == "integer" && value.is_number_integer());
    }

    std::string one_of(const json& rule, const json& value, const std::string& at) const {
        std::string all;
        int fits = 0;
        for (const json& one : rule) {
            const std::string wrong = check(value, one, at);
            fits += wrong.empty() ? 1 : 0;
            all += " | " + wrong;
        }
        return fits == 1 ? "" : at + ": fits " + std::to_string(fits) + " of them" + all;
    }

    std::string object_word(const std::string& word, const json& rule, const json& value,
                            const json& schema, const std::string& at) const {
        if (word == "required") {
            for (const json& name : rule) {
                if (!value.contains(name.get<std::string>())) {
                    return at + ": lacks " + name.dump();
                }
            }
            return "";
        }
        if (word == "properties") {
            for (const auto& [name, of] : rule.items()) {
                const std::string wrong =
                    value.contains(name) ? check(value.at(name), of, at + "/" + name) : "";
                if (!wrong.empty()) {
                    return wrong;
                }
            }
            return "";
        }
        if (word == "additionalProperties" && rule == false) {
            for (const auto& [name, of] : value.items()) {
                if (!schema.at("properties").contains(name)) {
                    return at + ": has no place for \"" + name + "\"";
                }
            }
            return "";
        }
        return "the schema says " + word + " of an object";
    }

    std::string array_word(const std::string& word, const json& rule, const json& value,
                           const std::string& at) const {
        if (word == "minItems" || word == "maxItems") {
            const bool fits = word == "minItems" ? value.size() >= rule.get<size_t>()
                                                 : value.size() <= rule.get<size_t>();
            return fits ? "" : at + ": " + word + " is " + rule.dump();
        }
        if (word != "items" && word != "prefixItems") {
            return "the schema says " + word + " of a list";
        }
        for (size_t i = 0; i < value.size() && (word == "items" || i < rule.size()); ++i) {
            const std::string wrong =
                check(value[i], word == "items" ? rule : rule[i], at + "/" + std::to_string(i));
            if (!wrong.empty()) {
                return wrong;
            }
        }
        return "";
    }

    static std::string scalar_word(const std::string& word, const json& rule, const json& value,
                                   const std::string& at) {
        if (word == "minimum") {
            return value.get<int64_t>() >= rule.get<int64_t>() ? "" : at + ": too small";
        }
        if (word == "minLength") {
            return value.get<std::string>().size() >= rule.get<size_t>() ? "" : at + ": too short";
        }
        if (word == "pattern") {
            return std::regex_search(value.get<std::string>(), std::regex(rule.get<std::string>()))
                       ? ""
                       : at + ": " + value.dump() + " does not match";
        }
        return "the schema says " + word + " of " + value.dump();
    }

    const json& root_;
};

}  // namespace

std::string broken_rule(const json& value, const json& schema) {
    return checker(schema).check(value, schema, "");
}

json schema_file(const std::string& path) {
    std::ifstream in(path);
    return json::parse(in);
}

}  // namespace test
