// The words of sim/annotate.h that say what is allowed where: the machine does nothing, checkers are told.
#include "sim/check/checker.h"
#include "sim/machine/interpose.h"

namespace sim {

namespace {

void tell(rule_word word, uint32_t number, const void* object, const void* other, const char* text,
          uint64_t pc) {
    if (simulated()) {
        tell_checkers(&checker::said, *g.current,
                      rule_event{word, number, address_of(object), address_of(other), text, pc});
    }
}

}  // namespace

}  // namespace sim

using namespace sim;

#define HEDDLE_WORD __attribute__((visibility("default")))

extern "C" {

HEDDLE_WORD void heddle_lock_class(const void* lock, const char* class_name) {
    tell(rule_word::lock_class, 0, lock, nullptr, class_name, HEDDLE_CALLER);
}

HEDDLE_WORD void heddle_enter(unsigned kind, const void* object, const char* name) {
    tell(rule_word::enter, kind, object, nullptr, name, HEDDLE_CALLER);
}

HEDDLE_WORD void heddle_leave(unsigned kind, const void* object) {
    tell(rule_word::leave, kind, object, nullptr, nullptr, HEDDLE_CALLER);
}

HEDDLE_WORD void heddle_may_sleep(const char* what) {
    tell(rule_word::may_sleep, 0, nullptr, nullptr, what, HEDDLE_CALLER);
}

HEDDLE_WORD void heddle_read_enter(const void* domain, const void* reader, const char* name) {
    tell(rule_word::read_enter, 0, domain, reader, name, HEDDLE_CALLER);
}

HEDDLE_WORD void heddle_read_leave(const void* domain, const void* reader) {
    tell(rule_word::read_leave, 0, domain, reader, nullptr, HEDDLE_CALLER);
}

HEDDLE_WORD void heddle_grace_wait(const void* domain) {
    tell(rule_word::grace_wait, 0, domain, nullptr, nullptr, HEDDLE_CALLER);
}

HEDDLE_WORD void heddle_quiescent(const void* domain, const void* reader) {
    tell(rule_word::quiescent, 0, domain, reader, nullptr, HEDDLE_CALLER);
}

HEDDLE_WORD void heddle_unlinked(const void* object, const void* domain) {
    tell(rule_word::unlinked, 0, object, domain, nullptr, HEDDLE_CALLER);
}

HEDDLE_WORD void heddle_barrier(const void* queue) {
    tell(rule_word::barrier, 0, queue, nullptr, nullptr, HEDDLE_CALLER);
}

HEDDLE_WORD void heddle_slots(const void* slots, unsigned count, const char* name) {
    tell(rule_word::slots, count, slots, nullptr, name, HEDDLE_CALLER);
}

HEDDLE_WORD void heddle_slot_use(const void* slots, const void* object) {
    tell(rule_word::slot_use, 0, slots, object, nullptr, HEDDLE_CALLER);
}

HEDDLE_WORD void heddle_slot_release(const void* slots, const void* object) {
    tell(rule_word::slot_release, 0, slots, object, nullptr, HEDDLE_CALLER);
}

}  // extern "C"
