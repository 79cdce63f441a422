// pf_invariant.h - what must hold of states, keys, pcbs and packets: invariants.
// Shapes:  functions for heddle_invariant; the argument is the stack.
// Locks:   each says under which lock it is looked at, and reads what that one guards.
// Errors:  what does not fit is said by kern::broken.
#pragma once

namespace model::pf {

// Under pf_inp_mtx: a key that has a pcb is that pcb's key, and a pcb that has a key is that key's pcb.
int pf_inp_symmetric(void* st);

}  // namespace model::pf
