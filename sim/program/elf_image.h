// elf_image.h - one subject file opened: its sections, symbols and segments as plain lists.
// Source:  System V ABI, x86-64 supplement; read with libelf.
// Shapes:  addresses are link addresses, which for a subject are its addresses at run time.
// Locks:   none; immutable once opened.
// Errors:  open() returns false and sets a message that names the file.
#pragma once

#include <gelf.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

struct elf_symbol {
    std::string name;
    uint64_t address = 0;  // for thread-local ones the offset in the TLS image
    uint64_t size = 0;
    unsigned char type = 0;  // STT_FUNC, STT_OBJECT, STT_TLS
};

// The bytes of a section that holds code.
struct code_section {
    std::string name;
    uint64_t address = 0;
    const unsigned char* bytes = nullptr;
    uint64_t size = 0;
};

// A place the loader fills with the address of a symbol of another module.
struct import_slot {
    uint64_t address = 0;
    std::string symbol;
};

class elf_image {
  public:
    elf_image() = default;
    ~elf_image();
    elf_image(const elf_image&) = delete;
    elf_image& operator=(const elf_image&) = delete;

    // Checks that `path` is a shared object for this machine with a symbol table, and reads it.
    [[nodiscard]] bool open(const std::string& path, std::string& error);

    [[nodiscard]] Elf* handle() const { return elf_; }
    [[nodiscard]] const std::vector<GElf_Phdr>& segments() const { return segments_; }
    [[nodiscard]] const std::vector<elf_symbol>& defined() const { return defined_; }
    [[nodiscard]] const std::vector<std::string>& undefined() const { return undefined_; }
    [[nodiscard]] const std::vector<code_section>& code() const { return code_; }
    [[nodiscard]] const std::vector<import_slot>& imports() const { return imports_; }
    [[nodiscard]] const std::string& build_id() const {
        return build_id_;
    }  // hexadecimal; "" when there is none

  private:
    bool check_kind(std::string& error) const;
    void read_section(Elf_Scn* section);
    void read_symbol_table(Elf_Data* data, const GElf_Shdr& header, bool dynamic);
    void read_relocations(Elf_Data* data, const GElf_Shdr& header);
    void read_notes(Elf_Data* data);

    Elf* elf_ = nullptr;
    int descriptor_ = -1;
    bool has_symbol_table_ = false;
    std::vector<GElf_Phdr> segments_;
    std::vector<elf_symbol> defined_;
    std::vector<std::string> undefined_;
    std::vector<code_section> code_;
    std::vector<import_slot> imports_;
    std::string build_id_;
};

}  // namespace sim
