// name.h - from a linker's name to the one a person would write.
// Source:  Itanium C++ ABI, through the C++ library's own demangler.
// Shapes:  "_ZN3net6if_putEPNS_5ifnetE" -> full "net::if_put(net::ifnet*)", plain "net::if_put",
//          last "if_put". C names are all three at once.
// Locks:   none; pure functions.
// Errors:  a name that is not mangled is returned as it is.
#pragma once

#include <string>
#include <string_view>

namespace sim {

// With parameters and template arguments; clone endings (.part.0, .constprop.1, .cold) are dropped.
[[nodiscard]] std::string demangle(std::string_view mangled);

// A demangled name without return type, parameters, template arguments, qualifiers and
// "(anonymous namespace)::".
[[nodiscard]] std::string plain_name(std::string_view demangled);

// The last component of a plain name: "detach" of "net::ifnet::detach".
[[nodiscard]] std::string_view last_component(std::string_view plain);

// Whether `written` means `plain`: equal, or its last components ("ifnet::detach").
[[nodiscard]] bool name_matches(std::string_view plain, std::string_view written);

}  // namespace sim
