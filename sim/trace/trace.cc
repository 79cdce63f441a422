#include "sim/trace/trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <istream>
#include <limits>
#include <nlohmann/json.hpp>
#include <ostream>
#include <stdexcept>
#include <string_view>

#include "sim/trace/json_line.h"

namespace sim {

std::string to_hex(std::string_view bytes) {
    static constexpr const char* digits = "0123456789abcdef";
    std::string out;
    out.reserve(2 * bytes.size());
    for (const unsigned char byte : bytes) {
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
    return out;
}

namespace {

// ---------------------------------------------------------------- writing

void write_stack(const std::vector<trace_frame>& stack, json_line& line) {
    if (stack.empty()) {
        return;
    }
    line.key("stack");
    line.open('[');
    for (const trace_frame& frame : stack) {
        line.open('[');
        line.text(frame.function);
        line.text(frame.file);
        line.number(frame.line);
        line.close(']');
    }
    line.close(']');
}

void write_header(const trace& t, json_line& line) {
    line.key("heddle_trace");
    line.number(trace_version);
    line.field("subject", t.header.subject);
    line.field("variant", t.header.variant);
    line.field("strategy", t.header.strategy);
    line.field("token", t.header.token);
    if (!t.header.drift.empty()) {
        line.key("drift");
        line.open('[');
        for (const std::string& one : t.header.drift) {
            line.text(one);
        }
        line.close(']');
    }
    line.field("cpus", t.header.cpus);
    line.key("contexts");
    line.open('[');
    for (const trace_context& context : t.header.contexts) {
        line.open('{');
        line.key("name");
        line.text(context.name);
        line.field("cpu", context.cpu);
        line.flag("service", context.service);
        line.close('}');
    }
    line.close(']');
    // The counts tell a reader whether the file was cut off.
    line.key("events");
    line.number(t.events.size());
    line.key("findings");
    line.number(t.findings.size());
}

void write_event(const trace_event& event, json_line& line) {
    line.key("step");
    line.number(event.step);
    line.flag("remark", event.remark);
    line.field("context", event.context);
    line.field("kind", event.kind);
    line.field("object", event.object);
    line.field("detail", event.detail);
    line.field("order", event.order);
    write_stack(event.stack, line);
    line.numbers("after", event.after);
    line.numbers("enabled", event.enabled);
    line.field("from", event.from);
    line.flag("stale", event.stale);
    line.flag("preemption", event.preemption);
    line.field("time_ns", event.time_ns);
    line.field("packet", event.packet);
    line.field("bytes", to_hex(event.bytes));
}

void write_finding(const trace_finding& finding, json_line& line) {
    line.key("finding");
    line.text(finding.kind);
    line.field("message", finding.message);
    line.field("step", finding.step);
    line.field("context", finding.context);
    write_stack(finding.stack, line);
    if (finding.evidence.empty()) {
        return;
    }
    line.key("evidence");
    line.open('[');
    for (const trace_evidence& evidence : finding.evidence) {
        line.open('{');
        line.field("label", evidence.label);
        line.field("step", evidence.step);
        line.field("context", evidence.context);
        line.field("text", evidence.text);
        write_stack(evidence.stack, line);
        line.close('}');
    }
    line.close(']');
}

// ---------------------------------------------------------------- reading

using json = nlohmann::json;

// Thrown and caught inside read_trace; the message has no line number yet.
struct bad_trace : std::runtime_error {
    using std::runtime_error::runtime_error;
};

template <typename... Args>
[[noreturn]] void refuse(fmt::format_string<Args...> format, Args&&... args) {
    throw bad_trace(fmt::format(format, std::forward<Args>(args)...));
}

uint64_t as_number(const json& value, std::string_view name, uint64_t max) {
    if (!value.is_number_unsigned()) {
        refuse("\"{}\" must be a number that is not negative, is {}", name, value.dump());
    }
    const auto number = value.get<uint64_t>();
    if (number > max) {
        refuse("\"{}\" is {}, larger than {}", name, number, max);
    }
    return number;
}

std::string as_text(const json& value, std::string_view name) {
    if (!value.is_string()) {
        refuse("\"{}\" must be a string, is {}", name, value.dump());
    }
    return value.get<std::string>();
}

const json& as_list(const json& value, std::string_view name) {
    if (!value.is_array()) {
        refuse("\"{}\" must be a list, is {}", name, value.dump());
    }
    return value;
}

// The fields of one JSON object. Every field is taken once; done() refuses what nobody took, so a
// field that this version does not know is an error and never silently lost.
class fields {
  public:
    fields(const json& object, std::string_view what) : object_(object) {
        if (!object.is_object()) {
            refuse("{} must be an object, is {}", what, object.type_name());
        }
    }
    bool has(const char* name) const { return object_.contains(name); }

    const json* take(const char* name) {
        const auto found = object_.find(name);
        if (found == object_.end()) {
            return nullptr;
        }
        ++taken_;
        known_.emplace_back(name);
        return &*found;
    }
    const json& need(const char* name) {
        const json* value = take(name);
        if (value == nullptr) {
            refuse("\"{}\" is missing", name);
        }
        return *value;
    }
    std::string text(const char* name) {
        const json* value = take(name);
        return value == nullptr ? std::string() : as_text(*value, name);
    }
    uint32_t number(const char* name) {
        return static_cast<uint32_t>(number64(name, std::numeric_limits<uint32_t>::max()));
    }
    uint64_t number64(const char* name, uint64_t max = std::numeric_limits<uint64_t>::max()) {
        const json* value = take(name);
        return value == nullptr ? 0 : as_number(*value, name, max);
    }
    bool flag(const char* name) {
        const json* value = take(name);
        if (value == nullptr) {
            return false;
        }
        if (!value->is_boolean()) {
            refuse("\"{}\" must be true or false, is {}", name, value->dump());
        }
        return value->get<bool>();
    }
    std::vector<uint32_t> numbers(const char* name) {
        std::vector<uint32_t> out;
        if (const json* value = take(name)) {
            for (const json& item : as_list(*value, name)) {
                const uint64_t max = std::numeric_limits<uint32_t>::max();
                out.push_back(static_cast<uint32_t>(as_number(item, name, max)));
            }
        }
        return out;
    }
    std::vector<trace_frame> stack() {
        std::vector<trace_frame> out;
        const json* value = take("stack");
        if (value == nullptr) {
            return out;
        }
        for (const json& frame : as_list(*value, "stack")) {
            if (!frame.is_array() || frame.size() != 3) {
                refuse("a frame of \"stack\" must be [function, file, line], is {}", frame.dump());
            }
            const uint64_t max = std::numeric_limits<uint32_t>::max();
            out.push_back({as_text(frame[0], "function"), as_text(frame[1], "file"),
                           static_cast<uint32_t>(as_number(frame[2], "line", max))});
        }
        return out;
    }
    void done() const {
        if (taken_ == object_.size()) {
            return;
        }
        for (const auto& item : object_.items()) {
            if (std::find(known_.begin(), known_.end(), item.key()) == known_.end()) {
                refuse("unknown field \"{}\"", item.key());
            }
        }
    }

  private:
    const json& object_;
    size_t taken_ = 0;
    std::vector<std::string_view> known_;
};

// What the header promises and what has been read so far.
struct progress {
    uint64_t events = 0;
    uint64_t findings = 0;
    uint32_t last_step = 0;
};

void read_header(const json& object, trace& t, progress& promised) {
    fields in(object, "the header");
    if (!in.has("heddle_trace")) {
        refuse("not a trace: the first line has no \"heddle_trace\"");
    }
    const uint64_t version = in.number64("heddle_trace");
    if (version == 0 || version > trace_version) {
        refuse("unknown version {}; this program reads versions 1 to {}", version, trace_version);
    }
    t.header.subject = in.text("subject");
    t.header.variant = in.text("variant");
    t.header.strategy = in.text("strategy");
    t.header.token = in.text("token");
    if (const json* list = in.take("drift")) {
        for (const json& item : as_list(*list, "drift")) {
            t.header.drift.push_back(as_text(item, "drift"));
        }
    }
    t.header.cpus = in.number("cpus");
    for (const json& item : as_list(in.need("contexts"), "contexts")) {
        fields context(item, "a context");
        trace_context& to = t.header.contexts.emplace_back();
        to.name = as_text(context.need("name"), "name");
        to.cpu = context.number("cpu");
        to.service = context.flag("service");
        context.done();
        if (to.cpu >= t.header.cpus && to.cpu != trace_alone_cpu) {
            refuse("context \"{}\" is on cpu {}, there are {}", to.name, to.cpu, t.header.cpus);
        }
    }
    const uint64_t max = std::numeric_limits<uint64_t>::max();
    promised.events = as_number(in.need("events"), "events", max);
    promised.findings = as_number(in.need("findings"), "findings", max);
    in.done();
}

uint32_t known_context(fields& in, const trace& t) {
    const uint32_t context = in.number("context");
    if (context >= t.header.contexts.size()) {
        refuse("unknown context {}, the header names {}", context, t.header.contexts.size());
    }
    return context;
}

uint32_t known_step(fields& in, const progress& read) {
    const uint32_t step = in.number("step");
    if (step > read.last_step) {
        refuse("step {} is named before it happens, the last one is {}", step, read.last_step);
    }
    return step;
}

void check_step(const trace_event& event, const trace& t, progress& read) {
    if (event.remark) {
        if (event.step > read.last_step) {
            refuse("a remark belongs to step {}, the last step is {}", event.step, read.last_step);
        }
    } else if (event.step != read.last_step + 1) {
        refuse("step {} follows step {}", event.step, read.last_step);
    } else {
        read.last_step = event.step;
    }
    for (const uint32_t step : event.after) {
        if (step == 0 || step >= event.step) {
            refuse("step {} cannot happen after step {}", event.step, step);
        }
    }
    for (const uint32_t context : event.enabled) {
        if (context >= t.header.contexts.size()) {
            refuse("unknown context {} in \"enabled\"", context);
        }
    }
}

std::string from_hex(const std::string& text) {
    const auto value = [&](char c) -> unsigned {
        if (c >= '0' && c <= '9') {
            return static_cast<unsigned>(c - '0');
        }
        if (c < 'a' || c > 'f') {
            refuse("\"bytes\" must be pairs of hexadecimal digits, is \"{}\"", text);
        }
        return static_cast<unsigned>(c - 'a') + 10;
    };
    std::string out;
    for (size_t i = 0; i < text.size(); i += 2) {
        const char second = i + 1 < text.size() ? text[i + 1] : '-';
        out += static_cast<char>(value(text[i]) << 4U | value(second));
    }
    return out;
}

void read_event(fields& in, trace& t, progress& read) {
    trace_event event;
    event.step = static_cast<uint32_t>(
        as_number(in.need("step"), "step", std::numeric_limits<uint32_t>::max()));
    event.remark = in.flag("remark");
    event.context = known_context(in, t);
    event.kind = in.text("kind");
    event.object = in.text("object");
    event.detail = in.text("detail");
    event.order = in.text("order");
    event.stack = in.stack();
    event.after = in.numbers("after");
    event.enabled = in.numbers("enabled");
    event.from = static_cast<uint32_t>(in.number64("from", event.step == 0 ? 0 : event.step - 1));
    event.stale = in.flag("stale");
    event.preemption = in.flag("preemption");
    event.time_ns = in.number64("time_ns");
    event.packet = in.number("packet");
    event.bytes = from_hex(in.text("bytes"));
    in.done();
    if (event.kind.empty()) {
        refuse("\"kind\" is missing");
    }
    check_step(event, t, read);
    t.events.push_back(std::move(event));
}

void read_finding(fields& in, trace& t, const progress& read) {
    trace_finding finding;
    finding.kind = in.text("finding");
    finding.message = in.text("message");
    finding.step = known_step(in, read);
    finding.context = known_context(in, t);
    finding.stack = in.stack();
    if (const json* list = in.take("evidence")) {
        for (const json& item : as_list(*list, "evidence")) {
            fields from(item, "evidence");
            trace_evidence& evidence = finding.evidence.emplace_back();
            evidence.label = from.text("label");
            evidence.step = known_step(from, read);
            evidence.context = known_context(from, t);
            evidence.text = from.text("text");
            evidence.stack = from.stack();
            from.done();
        }
    }
    in.done();
    t.findings.push_back(std::move(finding));
}

void read_line(const std::string& line, trace& t, progress& promised, progress& read) {
    json object;
    try {
        object = json::parse(line);
    } catch (const json::parse_error&) {
        refuse("not a complete JSON object (was the file cut off?)");
    }
    fields in(object, "a line");
    if (in.has("finding")) {
        ++read.findings;
        read_finding(in, t, read);
    } else if (read.findings != 0) {
        refuse("an event stands after the findings");
    } else {
        ++read.events;
        read_event(in, t, read);
    }
    if (read.events > promised.events || read.findings > promised.findings) {
        refuse("more events or findings than the header promises ({} and {})", promised.events,
               promised.findings);
    }
}

void read_lines(std::istream& in, trace& t, uint64_t& line_number) {
    progress promised;
    progress read;
    std::string line;
    line_number = 1;
    if (!std::getline(in, line)) {
        refuse("the file is empty");
    }
    try {
        read_header(json::parse(line), t, promised);
    } catch (const json::parse_error&) {
        refuse("not a trace: the first line is not a JSON object");
    }
    ++line_number;
    for (; std::getline(in, line); ++line_number) {
        if (!line.empty()) {
            read_line(line, t, promised, read);
        }
    }
    if (read.events != promised.events || read.findings != promised.findings) {
        refuse("the file ends after {} of {} events and {} of {} findings", read.events,
               promised.events, read.findings, promised.findings);
    }
}

}  // namespace

void write_trace(const trace& t, std::ostream& out) {
    fmt::memory_buffer buffer;
    const auto write = [&](const auto& part) {
        buffer.clear();
        json_line line(buffer);
        line.open('{');
        part(line);
        line.close('}');
        buffer.push_back('\n');
        out.write(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    };
    write([&](json_line& line) { write_header(t, line); });
    for (const trace_event& event : t.events) {
        write([&](json_line& line) { write_event(event, line); });
    }
    for (const trace_finding& finding : t.findings) {
        write([&](json_line& line) { write_finding(finding, line); });
    }
}

bool read_trace(std::istream& in, trace& t, std::string& error) {
    t = trace();
    uint64_t line_number = 1;
    try {
        read_lines(in, t, line_number);
    } catch (const bad_trace& bad) {
        error = fmt::format("line {}: {}", line_number, bad.what());
        return false;
    } catch (const json::exception& bad) {
        error = fmt::format("line {}: {}", line_number, bad.what());
        return false;
    }
    error.clear();
    return true;
}

}  // namespace sim
