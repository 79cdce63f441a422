#include "model/net/if_hooks.h"

#include "model/kern/assert.h"

namespace model::net {

void if_hook_add_locked(if_hook_list& list, if_hook& hook) {
    hook.next = list.first;
    list.first = &hook;
}

void if_hook_del_locked(if_hook_list& list, if_hook& hook) {
    if_hook** link = &list.first;
    while (*link != &hook) {
        kern::kassert(*link != nullptr, "if_hook_del: not on the list");
        link = &(*link)->next;
    }
    *link = hook.next;
    hook.next = nullptr;
}

void if_hooks_run_locked(if_hook_list& list) {
    if_hook place;  // behind the one that runs: whatever that does to the list, here it goes on
    if_hook* hook = list.first;
    while (hook != nullptr) {
        place.next = hook->next;
        hook->next = &place;
        if (hook->function != nullptr) {
            hook->function(hook->argument);
        }
        hook = place.next;
        if_hook_del_locked(list, place);
    }
}

}  // namespace model::net
