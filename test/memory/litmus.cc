#include "test/memory/litmus.h"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace sim::test {

namespace {

constexpr std::array<std::pair<const char*, litmus_order>, 5> order_names = {{
    {"rlx", litmus_order::relaxed},
    {"acq", litmus_order::acquire},
    {"rel", litmus_order::release},
    {"ar", litmus_order::acq_rel},
    {"sc", litmus_order::seq_cst},
}};

constexpr char location_names[] = "xyzmn";

const char* name_of(litmus_order order) {
    for (const auto& [name, value] : order_names) {
        if (value == order) {
            return name;
        }
    }
    return "?";
}

// Reads one operation from the left to the right.
class op_reader {
  public:
    explicit op_reader(const std::string& text) : text_(text) {}

    litmus_op read() {
        litmus_op op;
        if (take("skip")) {
            read_skip(op);
        } else if (take("f.")) {
            op.kind = litmus_kind::fence;
            op.order = order();
        } else {
            op.location = location();
            want(".");
            if (take("until==")) {
                op.kind = litmus_kind::await;
                op.order = litmus_order::acquire;
                op.value = number();
            } else if (op.location < static_cast<int>(litmus_words_max)) {
                op.order = order();
                read_access(op);
            } else {
                read_lock(op);
            }
        }
        if (at_ != text_.size()) {
            fail();
        }
        return op;
    }

  private:
    [[noreturn]] void fail() const {
        throw std::runtime_error(fmt::format("litmus: '{}', character {}", text_, at_ + 1));
    }

    bool take(const std::string& word) {
        if (text_.compare(at_, word.size(), word) != 0) {
            return false;
        }
        at_ += word.size();
        return true;
    }

    void want(const std::string& word) {
        if (!take(word)) {
            fail();
        }
    }

    int number() {
        size_t end = at_;
        while (end < text_.size() && std::isdigit(static_cast<unsigned char>(text_[end])) != 0) {
            ++end;
        }
        if (end == at_) {
            fail();
        }
        const int n = std::stoi(text_.substr(at_, end - at_));
        at_ = end;
        return n;
    }

    int location() {
        for (int i = 0; i < static_cast<int>(litmus_locations_max); ++i) {
            if (take(std::string(1, location_names[i]))) {
                return i;
            }
        }
        fail();
    }

    litmus_order order() {
        for (const auto& [name, value] : order_names) {
            if (take(name)) {
                return value;
            }
        }
        fail();
    }

    // skip2:$0==1
    void read_skip(litmus_op& op) {
        op.kind = litmus_kind::skip;
        op.desired = number();
        want(":$");
        op.from = number();
        want("==");
        op.value = number();
    }

    void read_lock(litmus_op& op) {
        op.kind = take("lock") ? litmus_kind::lock : litmus_kind::unlock;
        if (op.kind == litmus_kind::unlock) {
            want("unlock");
        }
        op.order = op.kind == litmus_kind::lock ? litmus_order::acquire : litmus_order::release;
    }

    void read_access(litmus_op& op) {
        if (take("+=")) {
            op.kind = litmus_kind::add;
            op.value = number();
        } else if (take("<-")) {
            op.kind = litmus_kind::exchange;
            op.value = number();
        } else if (take("=")) {
            op.kind = litmus_kind::store;
            if (take("$")) {
                op.from = number();
                want("+");
            }
            op.value = number();
        } else if (at_ != text_.size()) {
            op.kind = litmus_kind::cas;
            want("/");
            op.failure = order();
            want(":");
            op.value = number();
            want("->");
            op.desired = number();
        } else {
            op.kind = litmus_kind::load;
        }
    }

    const std::string& text_;
    size_t at_ = 0;
};

}  // namespace

litmus_program parse_litmus(const std::string& text) {
    litmus_program program(1);
    std::istringstream words(text);
    for (std::string word; words >> word;) {
        if (word == "|") {
            program.emplace_back();
        } else {
            program.back().push_back(op_reader(word).read());
        }
    }
    for (const litmus_thread& thread : program) {
        if (thread.empty() || thread.size() > litmus_ops_max) {
            throw std::runtime_error("litmus: a thread is too short or too long: " + text);
        }
    }
    if (program.size() > litmus_threads_max) {
        throw std::runtime_error("litmus: too many threads: " + text);
    }
    return program;
}

std::string text_of(const litmus_op& op) {
    const std::string place = fmt::format("{}.{}", location_names[op.location], name_of(op.order));
    switch (op.kind) {
        case litmus_kind::none:
            return "";
        case litmus_kind::lock:
            return fmt::format("{}.lock", location_names[op.location]);
        case litmus_kind::await:
            return fmt::format("{}.until=={}", location_names[op.location], op.value);
        case litmus_kind::unlock:
            return fmt::format("{}.unlock", location_names[op.location]);
        case litmus_kind::load:
            return place;
        case litmus_kind::store:
            return op.from < 0 ? fmt::format("{}={}", place, op.value)
                               : fmt::format("{}=${}+{}", place, op.from, op.value);
        case litmus_kind::add:
            return fmt::format("{}+={}", place, op.value);
        case litmus_kind::exchange:
            return fmt::format("{}<-{}", place, op.value);
        case litmus_kind::cas:
            return fmt::format("{}/{}:{}->{}", place, name_of(op.failure), op.value, op.desired);
        case litmus_kind::fence:
            return fmt::format("f.{}", name_of(op.order));
        case litmus_kind::skip:
            return fmt::format("skip{}:${}=={}", op.desired, op.from, op.value);
    }
    return "?";
}

std::string text_of(const litmus_program& program) {
    std::string text;
    for (const litmus_thread& thread : program) {
        text += text.empty() ? "" : " |";
        for (const litmus_op& op : thread) {
            text += (text.empty() ? "" : " ") + text_of(op);
        }
    }
    return text;
}

char name_of_location(size_t location) {
    return location_names[location];
}

bool is_lock(const litmus_op& op) {
    return op.kind == litmus_kind::lock || op.kind == litmus_kind::unlock;
}

bool is_update(const litmus_op& op) {
    return op.kind == litmus_kind::add || op.kind == litmus_kind::exchange ||
           op.kind == litmus_kind::cas;
}

bool is_read(const litmus_op& op) {
    return op.kind == litmus_kind::load || is_update(op);
}

bool acquires(litmus_order order) {
    return order == litmus_order::acquire || order == litmus_order::acq_rel ||
           order == litmus_order::seq_cst;
}

bool releases(litmus_order order) {
    return order == litmus_order::release || order == litmus_order::acq_rel ||
           order == litmus_order::seq_cst;
}

std::vector<litmus_case> read_litmus_cases(const std::string& path) {
    std::ifstream file(path);
    if (!file) {
        throw std::runtime_error("litmus: cannot read " + path);
    }
    std::vector<litmus_case> cases;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line[0] == '#') {
            continue;
        }
        std::istringstream words(line);
        litmus_case c;
        if (!(words >> c.name >> c.sc >> c.tso >> c.rc11)) {
            throw std::runtime_error("litmus: " + line);
        }
        std::string text;
        std::getline(words, text);
        c.program = parse_litmus(text);
        cases.push_back(std::move(c));
    }
    return cases;
}

}  // namespace sim::test
