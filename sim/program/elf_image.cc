#include "sim/program/elf_image.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace sim {

elf_image::~elf_image() {
    if (elf_ != nullptr) {
        elf_end(elf_);
    }
    if (descriptor_ >= 0) {
        close(descriptor_);
    }
}

bool elf_image::open(const std::string& path, std::string& error) {
    descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0) {
        error = path + ": " + std::strerror(errno);
        return false;
    }
    elf_version(EV_CURRENT);
    elf_ = elf_begin(descriptor_, ELF_C_READ_MMAP, nullptr);
    if (!check_kind(error)) {
        error = path + ": " + error;
        return false;
    }
    size_t count = 0;
    elf_getphdrnum(elf_, &count);
    for (size_t i = 0; i < count; ++i) {
        GElf_Phdr segment;
        if (gelf_getphdr(elf_, static_cast<int>(i), &segment) != nullptr) {
            segments_.push_back(segment);
        }
    }
    for (Elf_Scn* section = elf_nextscn(elf_, nullptr); section != nullptr;
         section = elf_nextscn(elf_, section)) {
        read_section(section);
    }
    if (!has_symbol_table_) {
        error = path + ": has no symbol table (was it stripped?)";
        return false;
    }
    return true;
}

bool elf_image::check_kind(std::string& error) const {
    GElf_Ehdr header;
    if (elf_ == nullptr || elf_kind(elf_) != ELF_K_ELF || gelf_getehdr(elf_, &header) == nullptr) {
        error = "is not an ELF file";
        return false;
    }
    if (header.e_machine != EM_X86_64 || gelf_getclass(elf_) != ELFCLASS64) {
        error = "was made for another machine than x86-64";
        return false;
    }
    if (header.e_type != ET_DYN) {
        error = "is not a shared object";
        return false;
    }
    return true;
}

void elf_image::read_section(Elf_Scn* section) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == nullptr) {
        return;
    }
    Elf_Data* const data = elf_getdata(section, nullptr);
    if (data == nullptr || data->d_buf == nullptr) {
        return;
    }
    if (header.sh_type == SHT_SYMTAB) {
        has_symbol_table_ = true;
        read_symbol_table(data, header, false);
    } else if (header.sh_type == SHT_DYNSYM) {
        read_symbol_table(data, header, true);
    } else if (header.sh_type == SHT_RELA) {
        read_relocations(data, header);
    } else if (header.sh_type == SHT_NOTE) {
        read_notes(data);
    } else if (header.sh_type == SHT_PROGBITS && (header.sh_flags & SHF_EXECINSTR) != 0) {
        size_t names = 0;
        elf_getshdrstrndx(elf_, &names);
        const char* const name = elf_strptr(elf_, names, header.sh_name);
        code_.push_back({name == nullptr ? "" : name, header.sh_addr,
                         static_cast<const unsigned char*>(data->d_buf), data->d_size});
    }
}

// Definitions come from the full table, which has the hidden ones; needs from the dynamic one,
// which is what the loader goes by.
void elf_image::read_symbol_table(Elf_Data* data, const GElf_Shdr& header, bool dynamic) {
    const size_t count = header.sh_entsize == 0 ? 0 : header.sh_size / header.sh_entsize;
    for (size_t i = 1; i < count; ++i) {
        GElf_Sym symbol;
        if (gelf_getsym(data, static_cast<int>(i), &symbol) == nullptr) {
            continue;
        }
        const char* const name = elf_strptr(elf_, header.sh_link, symbol.st_name);
        if (name == nullptr || *name == '\0') {
            continue;
        }
        const unsigned char type = GELF_ST_TYPE(symbol.st_info);
        if (symbol.st_shndx == SHN_UNDEF) {
            if (dynamic) {
                undefined_.emplace_back(name);
            }
        } else if (!dynamic && (type == STT_FUNC || type == STT_OBJECT || type == STT_TLS)) {
            defined_.push_back({name, symbol.st_value, symbol.st_size, type});
        }
    }
}

void elf_image::read_relocations(Elf_Data* data, const GElf_Shdr& header) {
    Elf_Scn* const symbols = elf_getscn(elf_, header.sh_link);
    GElf_Shdr symbols_header;
    if (symbols == nullptr || gelf_getshdr(symbols, &symbols_header) == nullptr) {
        return;
    }
    Elf_Data* const table = elf_getdata(symbols, nullptr);
    const size_t count = header.sh_entsize == 0 ? 0 : header.sh_size / header.sh_entsize;
    for (size_t i = 0; i < count; ++i) {
        GElf_Rela relocation;
        GElf_Sym symbol;
        if (gelf_getrela(data, static_cast<int>(i), &relocation) == nullptr) {
            continue;
        }
        const uint64_t type = GELF_R_TYPE(relocation.r_info);
        if ((type != R_X86_64_JUMP_SLOT && type != R_X86_64_GLOB_DAT) ||
            gelf_getsym(table, static_cast<int>(GELF_R_SYM(relocation.r_info)), &symbol) ==
                nullptr) {
            continue;
        }
        const char* const name = elf_strptr(elf_, symbols_header.sh_link, symbol.st_name);
        imports_.push_back({relocation.r_offset, name == nullptr ? "" : name});
    }
}

void elf_image::read_notes(Elf_Data* data) {
    size_t offset = 0;
    GElf_Nhdr note;
    size_t name_offset = 0;
    size_t text_offset = 0;
    while ((offset = gelf_getnote(data, offset, &note, &name_offset, &text_offset)) != 0) {
        const char* const bytes = static_cast<const char*>(data->d_buf);
        if (note.n_type != NT_GNU_BUILD_ID || note.n_namesz != sizeof ELF_NOTE_GNU ||
            std::memcmp(bytes + name_offset, ELF_NOTE_GNU, sizeof ELF_NOTE_GNU) != 0) {
            continue;
        }
        for (size_t i = 0; i < note.n_descsz; ++i) {
            build_id_ += fmt::format("{:02x}", static_cast<unsigned char>(bytes[text_offset + i]));
        }
    }
}

}  // namespace sim
