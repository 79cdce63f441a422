#include "sim/program/arguments.h"

#include <dwarf.h>

namespace sim {

namespace {

bool is_address(Dwarf_Die* parameter) {
    Dwarf_Attribute attribute;
    Dwarf_Die type;
    if (dwarf_attr_integrate(parameter, DW_AT_type, &attribute) == nullptr ||
        dwarf_formref_die(&attribute, &type) == nullptr || dwarf_peel_type(&type, &type) != 0) {
        return false;
    }
    const int tag = dwarf_tag(&type);
    return tag == DW_TAG_pointer_type || tag == DW_TAG_reference_type ||
           tag == DW_TAG_rvalue_reference_type;
}

// Locations of one operation are all that compilers use for parameters.
bool place_of(const Dwarf_Op& op, argument_place& place) {
    using kind = argument_place::kind;
    if (op.atom >= DW_OP_reg0 && op.atom <= DW_OP_reg31) {
        place.where = kind::in_register;
        place.reg = op.atom - DW_OP_reg0;
        return true;
    }
    if (op.atom >= DW_OP_breg0 && op.atom <= DW_OP_breg31) {
        place.where = kind::at_register;
        place.reg = op.atom - DW_OP_breg0;
        place.offset = static_cast<int64_t>(op.number);
        return true;
    }
    if (op.atom == DW_OP_fbreg) {
        place.where = kind::at_frame;
        place.offset = static_cast<int64_t>(op.number);
        return true;
    }
    return false;
}

// clang measures from a register, g++ from the frame's canonical address.
void resolve_frame_base(Dwarf_Die* function, argument_place& place) {
    Dwarf_Attribute attribute;
    Dwarf_Op* base = nullptr;
    size_t length = 0;
    if (place.where == argument_place::kind::at_frame &&
        dwarf_attr_integrate(function, DW_AT_frame_base, &attribute) != nullptr &&
        dwarf_getlocation(&attribute, &base, &length) == 0 && length == 1 &&
        base->atom >= DW_OP_reg0 && base->atom <= DW_OP_reg31) {
        place.where = argument_place::kind::at_register;
        place.reg = base->atom - DW_OP_reg0;
    }
}

bool function_at(Dwarf_Die* parent, uint64_t pc, Dwarf_Die* function) {
    Dwarf_Die child;
    if (dwarf_child(parent, &child) != 0) {
        return false;
    }
    do {
        const int tag = dwarf_tag(&child);
        if (tag == DW_TAG_subprogram && dwarf_haspc(&child, pc) == 1) {
            *function = child;
            return true;
        }
        const bool holds_functions = tag == DW_TAG_namespace || tag == DW_TAG_class_type ||
                                     tag == DW_TAG_structure_type || tag == DW_TAG_union_type ||
                                     tag == DW_TAG_subprogram || tag == DW_TAG_lexical_block;
        // Recursive: as deep as declarations are nested.
        if (holds_functions && function_at(&child, pc, function)) {
            return true;
        }
    } while (dwarf_siblingof(&child, &child) == 0);
    return false;
}

}  // namespace

argument_table::entry& argument_table::find(uint64_t pc) {
    const auto [found, fresh] = known_.try_emplace(pc);
    entry& e = found->second;
    Dwarf_Die unit;
    Dwarf_Die function;
    Dwarf_Die child;
    // .debug_aranges is not always there: every unit is asked.
    if (!fresh || dwarf_ == nullptr) {
        return e;
    }
    Dwarf_CU* cu = nullptr;
    bool there = false;
    while (!there && dwarf_get_units(dwarf_, cu, &cu, nullptr, nullptr, &unit, nullptr) == 0) {
        there = function_at(&unit, pc, &function);
    }
    if (!there || dwarf_child(&function, &child) != 0) {
        return e;
    }
    do {
        if (dwarf_tag(&child) != DW_TAG_formal_parameter || !is_address(&child)) {
            continue;
        }
        e.declared = true;
        Dwarf_Attribute location;
        Dwarf_Op* op = nullptr;
        size_t length = 0;
        argument_place place;
        if (dwarf_attr_integrate(&child, DW_AT_location, &location) != nullptr &&
            dwarf_getlocation_addr(&location, pc, &op, &length, 1) == 1 && length == 1 &&
            place_of(*op, place)) {
            resolve_frame_base(&function, place);
            Dwarf_Attribute name;
            const char* text = dwarf_formstring(dwarf_attr_integrate(&child, DW_AT_name, &name));
            place.name = text != nullptr ? text : "";
            e.places.push_back(place);
        }
    } while (dwarf_siblingof(&child, &child) == 0);
    return e;
}

const std::vector<argument_place>& argument_table::pointers_at(uint64_t pc) {
    return find(pc).places;
}

bool argument_table::has_pointers(uint64_t pc) {
    return find(pc).declared;
}

}  // namespace sim
