#include "sim/program/inlined.h"

#include <dwarf.h>

namespace sim {

namespace {

bool may_hold_functions(int tag) {
    return tag == DW_TAG_namespace || tag == DW_TAG_class_type || tag == DW_TAG_structure_type ||
           tag == DW_TAG_union_type || tag == DW_TAG_subprogram || tag == DW_TAG_lexical_block;
}

// On the way down the first inlined subroutine is the outermost.
bool find_call(Dwarf_Die* parent, uint64_t pc, Dwarf_Die* call) {
    Dwarf_Die child;
    if (dwarf_child(parent, &child) != 0) {
        return false;
    }
    do {
        const int tag = dwarf_tag(&child);
        if (tag == DW_TAG_inlined_subroutine && dwarf_haspc(&child, pc) == 1) {
            *call = child;
            return true;
        }
        // Recursive: as deep as scopes are nested. A block may have no addresses, yet hold some.
        if (may_hold_functions(tag) && find_call(&child, pc, call)) {
            return true;
        }
    } while (dwarf_siblingof(&child, &child) == 0);
    return false;
}

Dwarf_Word number_of(Dwarf_Die* die, unsigned name) {
    Dwarf_Attribute attribute;
    Dwarf_Word value = 0;
    if (dwarf_attr(die, name, &attribute) == nullptr || dwarf_formudata(&attribute, &value) != 0) {
        return 0;
    }
    return value;
}

}  // namespace

call_place call_of_inlined(Dwarf* dwarf, uint64_t pc) {
    call_place place;
    Dwarf_CU* cu = nullptr;
    Dwarf_Die unit;
    Dwarf_Die call;
    // .debug_aranges is not always there: every unit is asked.
    while (dwarf != nullptr &&
           dwarf_get_units(dwarf, cu, &cu, nullptr, nullptr, &unit, nullptr) == 0) {
        if (dwarf_haspc(&unit, pc) != 1 || !find_call(&unit, pc, &call)) {
            continue;
        }
        Dwarf_Files* files = nullptr;
        size_t count = 0;
        const Dwarf_Word file = number_of(&call, DW_AT_call_file);
        if (dwarf_getsrcfiles(&unit, &files, &count) == 0 && file < count) {
            const char* const name = dwarf_filesrc(files, file, nullptr, nullptr);
            place.file = name != nullptr ? name : "";
            place.line = static_cast<uint32_t>(number_of(&call, DW_AT_call_line));
            place.column = static_cast<uint32_t>(number_of(&call, DW_AT_call_column));
        }
        return place;
    }
    return place;
}

}  // namespace sim
