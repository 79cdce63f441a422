// model_interface.h - the model's plain C interface, as found in a loaded module.
// Source:  model/admin/command.h, which says what each function does.
// Shapes:  pointers into the subject: only a context of the machine may call them.
// Locks:   as command.h says.
// Errors:  a module that lacks one of them is not a model: message.
#pragma once

#include <string>

#include "model/admin/command.h"

namespace scenario {

struct model_interface {
    decltype(&heddle_model_create) create = nullptr;
    decltype(&heddle_model_attach) attach = nullptr;
    decltype(&heddle_model_command) command = nullptr;
    decltype(&heddle_model_input) input = nullptr;
    decltype(&heddle_model_receive) receive = nullptr;
    decltype(&heddle_model_wire) wire = nullptr;
    decltype(&heddle_model_fate) fate = nullptr;
    decltype(&heddle_model_counter) counter = nullptr;
    decltype(&heddle_model_exists) exists = nullptr;
    decltype(&heddle_model_live) live = nullptr;
    decltype(&heddle_model_refs) refs = nullptr;
    decltype(&heddle_model_observe) observe = nullptr;
    decltype(&heddle_model_may_fire) may_fire = nullptr;
    decltype(&heddle_model_timers) timers = nullptr;
    decltype(&heddle_model_log) log = nullptr;
    decltype(&heddle_model_names) names = nullptr;
};

[[nodiscard]] bool find_model_interface(model_interface& m, std::string& error);

}  // namespace scenario
