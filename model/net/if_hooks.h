// if_hooks.h - what others have to do when something happens to an interface that theirs stands on.
// Source:  if_detachhook_add, if_linkstatehook_add, if_hooks_run of OpenBSD net/if.c.
// Shapes:  a hook is part of who added it, who takes it off before that goes. Who was added last runs first.
// Locks:   [C] conf_lock to add, to take off, and while hooks run: a hook waits for nobody.
// Errors:  none.
#pragma once

namespace model::net {

struct if_hook {
    void (*function)(void* argument) = nullptr;  // [C] null: not one, but a place in the list
    void* argument = nullptr;                    // [C]
    if_hook* next = nullptr;                     // [C]
};

struct if_hook_list {
    if_hook* first = nullptr;  // [C]
};

void if_hook_add_locked(if_hook_list& list, if_hook& hook);
// It is on the list.
void if_hook_del_locked(if_hook_list& list, if_hook& hook);

// Each one that is on the list when its turn comes; a hook may take off itself and others, and add some, which do
// not run this time.
void if_hooks_run_locked(if_hook_list& list);

}  // namespace model::net
