// symbols.h - what is known of a subject file without running it: functions, lines, data, needs.
// Source:  ELF symbol tables and DWARF, read with libelf and libdw; made by heddle cc (cc.h).
// Shapes:  addresses are link addresses and at the same time those of the loaded module, because a
//          subject is linked where it is loaded.
// Locks:   none; one thread. Names and lines are read when they are first asked for.
// Errors:  open_or_null explains what kind of file it would have needed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/trace/trace.h"

namespace sim {

struct function_symbol {
    uint64_t begin = 0;
    uint64_t end = 0;  // first address behind it
    std::string mangled;
    std::string full;                                   // demangled, with parameters
    std::string name;                                   // without: "model::net::if_put"
    [[nodiscard]] std::string_view short_name() const;  // "if_put"
};

struct memory_range {
    uint64_t begin = 0;
    uint64_t size = 0;
};

// The initial contents of thread-local storage. All zero when the module has none.
struct tls_image {
    uint64_t begin = 0;
    uint64_t file_size = 0;
    uint64_t memory_size = 0;  // the rest is zero
    uint64_t alignment = 0;
};

// Where the value of one parameter is found.
struct argument_place {
    enum class kind : uint8_t {
        in_register,  // the value is in `reg`
        at_register,  // in memory, `offset` from what is in `reg`
        at_frame,     // in memory, `offset` from the frame's canonical address
    } where = kind::in_register;
    std::string name;
    int reg = 0;  // DWARF's number
    int64_t offset = 0;
};

class symbols {
  public:
    // Opens a subject. `source_root` is cut off the front of file names. Null and a message when
    // the file is no subject.
    [[nodiscard]] static std::unique_ptr<symbols> open_or_null(const std::string& path,
                                                               std::string& error,
                                                               const std::string& source_root = "");
    ~symbols();
    symbols(const symbols&) = delete;
    symbols& operator=(const symbols&) = delete;

    // Functions, by address.
    [[nodiscard]] const std::vector<function_symbol>& functions() const;
    [[nodiscard]] const function_symbol* function_at_or_null(uint64_t pc) const;

    // Those a person can mean: `name` is the plain name or its last components. Overloads and
    // clones are several.
    [[nodiscard]] std::vector<const function_symbol*> functions_named(std::string_view name) const;

    // At most `count` short names that differ from `name` by little, the nearest first.
    [[nodiscard]] std::vector<std::string> near_matches(std::string_view name,
                                                        size_t count = 3) const;

    // Whether entering the function can be seen: a leaf that touches no memory has no hook, nor has
    // one compiled elsewhere.
    [[nodiscard]] bool has_entry_hook(const function_symbol& function) const;

    // Function, file and line of an instruction. For a return address pass the address minus one.
    // The answer stays valid as long as this object.
    [[nodiscard]] const trace_frame& locate(uint64_t pc) const;
    // Where in that line; 0: unknown.
    [[nodiscard]] uint32_t column_of(uint64_t pc) const;

    // The files that places are in, as `locate` names them, sorted.
    [[nodiscard]] std::vector<std::string> source_files() const;

    // Where those parameters of the function are that hold addresses, when `pc` has been reached.
    [[nodiscard]] const std::vector<argument_place>& pointer_arguments(uint64_t pc) const;
    // Whether the function has such parameters.
    [[nodiscard]] bool takes_pointers(const function_symbol& function) const;

    // "x", "pool[1].next", "buffer+24"; "" when no variable is there.
    [[nodiscard]] std::string name_of_data(uint64_t address) const;
    // The same for an offset into the TLS image.
    [[nodiscard]] std::string name_of_tls(uint64_t offset) const;
    // The address of a global variable by plain name or last components; 0 when there is none.
    [[nodiscard]] uint64_t address_of_data(std::string_view name) const;

    // Memory the program can change. What is read-only after loading (RELRO) is left out.
    [[nodiscard]] const std::vector<memory_range>& writable() const;
    // The whole image, code and all, page by page.
    [[nodiscard]] memory_range image() const;
    [[nodiscard]] const tls_image& tls() const;
    // Address of `main`; 0 in a library.
    [[nodiscard]] uint64_t main_address() const;
    // What other modules must define, without versions.
    [[nodiscard]] const std::vector<std::string>& undefined() const;
    // Hexadecimal; the same for the same sources and flags.
    [[nodiscard]] const std::string& build_id() const;
    [[nodiscard]] unsigned slot() const;

  private:
    struct parts;
    explicit symbols(std::unique_ptr<parts> p);
    std::unique_ptr<parts> parts_;
};

}  // namespace sim
