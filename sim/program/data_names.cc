#include "sim/program/data_names.h"

#include <dwarf.h>
#include <fmt/core.h>

#include <string_view>

namespace sim {
namespace {

// Follows DW_AT_type through names and qualifiers to the type itself.
bool type_of(Dwarf_Die* die, Dwarf_Die* type) {
    Dwarf_Attribute attribute;
    return dwarf_attr_integrate(die, DW_AT_type, &attribute) != nullptr &&
           dwarf_formref_die(&attribute, type) != nullptr && dwarf_peel_type(type, type) == 0;
}

uint64_t size_of(Dwarf_Die* type) {
    Dwarf_Word size = 0;
    return dwarf_aggregate_size(type, &size) == 0 ? size : 0;
}

uint64_t offset_of(Dwarf_Die* member) {
    Dwarf_Attribute attribute;
    Dwarf_Word value = 0;
    if (dwarf_attr(member, DW_AT_data_member_location, &attribute) != nullptr &&
        dwarf_formudata(&attribute, &value) == 0) {
        return value;
    }
    if (dwarf_attr(member, DW_AT_data_bit_offset, &attribute) != nullptr &&
        dwarf_formudata(&attribute, &value) == 0) {
        return value / 8;
    }
    return 0;  // members of a union have none
}

// Names nobody outside the library knows. std::array's is the exception: it stands for the array.
bool is_library_member(std::string_view name) {
    return name.starts_with("_") && name != "_M_elems";
}

// The member, or base class, of `type` that holds the byte at `offset`.
bool member_at(Dwarf_Die* type, uint64_t offset, Dwarf_Die* member) {
    if (dwarf_child(type, member) != 0) {
        return false;
    }
    do {
        const int tag = dwarf_tag(member);
        Dwarf_Die its_type;
        Dwarf_Attribute external;
        if ((tag != DW_TAG_member && tag != DW_TAG_inheritance) ||
            dwarf_attr(member, DW_AT_external, &external) != nullptr ||
            !type_of(member, &its_type)) {
            continue;
        }
        const uint64_t begin = offset_of(member);
        if (offset >= begin && offset - begin < size_of(&its_type)) {
            return true;
        }
    } while (dwarf_siblingof(member, member) == 0);
    return false;
}

// The i-th dimension's number of elements; 0 where there is no such dimension.
uint64_t dimension(Dwarf_Die* array, unsigned wanted) {
    Dwarf_Die child;
    if (dwarf_child(array, &child) != 0) {
        return 0;
    }
    unsigned i = 0;
    do {
        if (dwarf_tag(&child) != DW_TAG_subrange_type || i++ != wanted) {
            continue;
        }
        Dwarf_Attribute attribute;
        Dwarf_Word value = 0;
        if (dwarf_attr(&child, DW_AT_count, &attribute) != nullptr &&
            dwarf_formudata(&attribute, &value) == 0) {
            return value;
        }
        if (dwarf_attr(&child, DW_AT_upper_bound, &attribute) != nullptr &&
            dwarf_formudata(&attribute, &value) == 0) {
            return value + 1;
        }
        return 0;
    } while (dwarf_siblingof(&child, &child) == 0);
    return 0;
}

// Appends an index a dimension; leaves the offset within the element. False: cannot be told.
bool append_indices(Dwarf_Die* array, const Dwarf_Die& element, uint64_t& offset,
                    std::string& path) {
    Dwarf_Die element_copy = element;
    const uint64_t element_size = size_of(&element_copy);
    if (element_size == 0) {
        return false;
    }
    uint64_t index = offset / element_size;
    offset %= element_size;
    std::string text;
    unsigned dimensions = 0;
    while (dimension(array, dimensions) != 0) {
        ++dimensions;
    }
    for (unsigned i = dimensions; i > 1; --i) {
        const uint64_t extent = dimension(array, i - 1);
        text.insert(0, fmt::format("[{}]", index % extent));
        index /= extent;
    }
    path += fmt::format("[{}]", index) + text;
    return true;
}

constexpr int depth_max = 16;

void append_path(Dwarf_Die type, uint64_t offset, std::string& path) {
    for (int depth = 0; depth < depth_max; ++depth) {
        const int tag = dwarf_tag(&type);
        Dwarf_Die inner;
        if (tag == DW_TAG_array_type) {
            if (!type_of(&type, &inner) || !append_indices(&type, inner, offset, path)) {
                break;
            }
        } else if (tag == DW_TAG_structure_type || tag == DW_TAG_class_type ||
                   tag == DW_TAG_union_type) {
            Dwarf_Die member;
            if (!member_at(&type, offset, &member)) {
                break;
            }
            const char* const text =
                dwarf_tag(&member) == DW_TAG_member ? dwarf_diename(&member) : nullptr;
            const std::string_view name = text == nullptr ? "" : text;
            if (is_library_member(name) || !type_of(&member, &inner)) {
                break;
            }
            if (!name.empty() && name != "_M_elems") {
                path += fmt::format(".{}", name);
            }
            offset -= offset_of(&member);
        } else {
            break;
        }
        type = inner;
    }
    if (offset != 0) {
        path += fmt::format("+{}", offset);
    }
}

}  // namespace

std::optional<data_names::variable> data_names::variable_at(uint64_t address) {
    if (!built_) {
        build();
    }
    auto after = variables_.upper_bound(address);
    if (after == variables_.begin()) {
        return std::nullopt;
    }
    const auto& [begin, found] = *--after;
    if (address - begin >= found.size) {
        return std::nullopt;
    }
    return variable{found.name, begin, found.size};
}

std::string data_names::path_within(const variable& v, uint64_t address) {
    std::string path;
    const auto found = variables_.find(v.address);
    if (found != variables_.end()) {
        append_path(found->second.type, address - v.address, path);
    }
    return path;
}

void data_names::build() {
    built_ = true;
    if (dwarf_ == nullptr) {
        return;
    }
    Dwarf_CU* unit = nullptr;
    Dwarf_Die die;
    while (dwarf_get_units(dwarf_, unit, &unit, nullptr, nullptr, &die, nullptr) == 0) {
        add_below(&die);
    }
}

// Functions are entered too: their static variables live as long as the program.
void data_names::add_below(Dwarf_Die* die) {
    Dwarf_Die child;
    if (dwarf_child(die, &child) != 0) {
        return;
    }
    do {
        switch (dwarf_tag(&child)) {
            case DW_TAG_variable:
                add_variable(&child);
                break;
            case DW_TAG_namespace:
            case DW_TAG_subprogram:
            case DW_TAG_lexical_block:
                add_below(&child);
                break;
            default:
                break;
        }
    } while (dwarf_siblingof(&child, &child) == 0);
}

void data_names::add_variable(Dwarf_Die* die) {
    Dwarf_Attribute attribute;
    Dwarf_Op* operation = nullptr;
    size_t length = 0;
    if (dwarf_attr(die, DW_AT_location, &attribute) == nullptr ||
        dwarf_getlocation(&attribute, &operation, &length) != 0 || length != 1) {
        return;
    }
    Dwarf_Attribute address_attribute;
    Dwarf_Addr address = 0;
    if (operation->atom == DW_OP_addr) {
        address = operation->number;
    } else if (operation->atom != DW_OP_addrx ||
               dwarf_getlocation_attr(&attribute, operation, &address_attribute) != 0 ||
               dwarf_formaddr(&address_attribute, &address) != 0) {
        return;
    }
    Dwarf_Attribute name_attribute;
    const char* const name =
        dwarf_formstring(dwarf_attr_integrate(die, DW_AT_name, &name_attribute));
    entry e{name == nullptr ? "" : name, {}, 0};
    if (address == 0 || name == nullptr || !type_of(die, &e.type)) {
        return;
    }
    e.size = size_of(&e.type);
    variables_.emplace(address, e);
}

}  // namespace sim
