#include "sim/machine/module.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <link.h>

#include <cstring>

#include "sim/machine/memory.h"
#include "sim/machine/names.h"
#include "sim/program/known_symbols.h"
#include "sim/program/symbols.h"

namespace sim {

namespace {

struct loaded_module {
    std::unique_ptr<symbols> info;
    std::string path;
    std::vector<std::string> unseen;
    void* handle = nullptr;
    size_t tls_id = 0;
    tls_image tls;
};
loaded_module loaded;

bool check_place(std::string& error) {
    link_map* map = nullptr;
    if (dlinfo(loaded.handle, RTLD_DI_LINKMAP, &map) != 0 || map->l_addr != 0) {
        error =
            "the subject's fixed address was taken; it must be loaded before anything is put there";
        return false;
    }
    dlinfo(loaded.handle, RTLD_DI_TLS_MODID, &loaded.tls_id);
    return true;
}

}  // namespace

bool module_load(const std::string& path, std::string& error) {
    HEDDLE_ASSERT(loaded.handle == nullptr);
    loaded.info = symbols::open_or_null(path, error);
    if (loaded.info == nullptr) {
        return false;
    }
    loaded.path = path;
    memory_init();
    g.subject = loaded.info.get();
    loaded.tls = loaded.info->tls();
    // The executable's own undefined-symbol check comes with RTLD_NOW; constructors run here.
    std::string full = path.find('/') == std::string::npos ? "./" + path : path;
    for (const memory_range& r : loaded.info->writable()) {
        memory_add_module_data(r.begin, r.begin + r.size);
    }
    const memory_range image = loaded.info->image();
    std::memset(memory.state + ((image.begin - region_base) >> 3), state_usable, image.size >> 3);
    g.in_subject = true;
    loaded.handle = dlopen(full.c_str(), RTLD_NOW | RTLD_LOCAL);
    g.in_subject = false;
    if (loaded.handle == nullptr) {
        error = dlerror();
        return false;
    }
    if (!check_place(error)) {
        return false;
    }
    loaded.unseen = unseen_writers(loaded.info->undefined());
    return true;
}

const std::string& module_path() {
    return loaded.path;
}

const std::vector<std::string>& module_unseen_writers() {
    return loaded.unseen;
}

uint64_t module_function(const std::string& name) {
    if (void* p = dlsym(loaded.handle, name.c_str()); p != nullptr && in_region(p)) {
        return reinterpret_cast<uint64_t>(p);
    }
    for (const function_symbol& f : loaded.info->functions()) {
        if (f.mangled == name) {
            return f.begin;
        }
    }
    return 0;
}

bool is_library_data(const void* p, uint64_t size) {
    struct query {
        uint64_t begin;
        uint64_t end;
    } wanted{reinterpret_cast<uint64_t>(p), reinterpret_cast<uint64_t>(p) + size};
    auto look = [](dl_phdr_info* info, size_t, void* data) {
        const auto& q = *static_cast<const query*>(data);
        for (int i = 0; i < info->dlpi_phnum; ++i) {
            const ElfW(Phdr)& h = info->dlpi_phdr[i];
            uint64_t begin = info->dlpi_addr + h.p_vaddr;
            if (h.p_type == PT_LOAD && (h.p_flags & PF_W) != 0 && q.begin >= begin &&
                q.end <= begin + h.p_memsz) {
                return 1;
            }
        }
        return 0;
    };
    return dl_iterate_phdr(look, &wanted) != 0;
}

uint64_t module_tls_size() {
    return loaded.tls.memory_size;
}
uint64_t module_tls_align() {
    return loaded.tls.alignment == 0 ? 1 : loaded.tls.alignment;
}

void module_tls_init(uint64_t address) {
    std::memcpy(reinterpret_cast<void*>(address), reinterpret_cast<const void*>(loaded.tls.begin),
                loaded.tls.file_size);
}

bool is_subject_tls(uint64_t module_id) {
    return loaded.tls_id != 0 && module_id == loaded.tls_id;
}

uint32_t module_next_key() {
    return subject_names.keys;
}
uint32_t module_take_key() {
    return subject_names.keys++;
}

}  // namespace sim
