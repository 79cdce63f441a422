#include "scenarios/runner/model_interface.h"

#include <fmt/format.h>

#include "sim/machine/module.h"

namespace scenario {

namespace {

template <typename F>
bool find(const char* name, F& function, std::string& error) {
    uint64_t address = sim::module_function(name);
    if (address == 0) {
        error = fmt::format("the module has no function {}: it is not a model", name);
        return false;
    }
    function = reinterpret_cast<F>(address);
    return true;
}

}  // namespace

bool find_model_interface(model_interface& m, std::string& error) {
    return find("heddle_model_create", m.create, error) &&
           find("heddle_model_attach", m.attach, error) &&
           find("heddle_model_command", m.command, error) &&
           find("heddle_model_input", m.input, error) &&
           find("heddle_model_receive", m.receive, error) &&
           find("heddle_model_wire", m.wire, error) && find("heddle_model_fate", m.fate, error) &&
           find("heddle_model_counter", m.counter, error) &&
           find("heddle_model_exists", m.exists, error) &&
           find("heddle_model_live", m.live, error) && find("heddle_model_refs", m.refs, error) &&
           find("heddle_model_observe", m.observe, error) &&
           find("heddle_model_may_fire", m.may_fire, error) &&
           find("heddle_model_timers", m.timers, error) && find("heddle_model_log", m.log, error) &&
           find("heddle_model_names", m.names, error);
}

}  // namespace scenario
