// pf_invariant.h - what must hold of states, keys, rules, pcbs and packets: invariants.
// Shapes:  functions for heddle_invariant; the argument is the stack.
// Locks:   each says under which lock it is looked at, and reads what that one guards.
// Errors:  what does not fit is said by kern::broken.
#pragma once

namespace model::pf {

// Under pf_inp_mtx: a key that has a pcb is that pcb's key, and a pcb that has a key is that key's pcb.
int pf_inp_symmetric(void* st);

// Under pf_state_lock: a key in the tree has states and has not been removed, each of its states has it and stands in
// the other tree; each state there is one of each of its keys.
int pf_trees_sound(void* st);

// Under pf_lock: the rules of lists lead to interfaces that pf knows, and anchors count the rules that lead there.
int pf_rulesets_sound(void* st);

// When nobody runs: each reference to a key is that of the tree, of a state, of a reverse key, of a pcb or of a packet; each
// one to a rule is that of its list or of a state, and there are no others.
int pf_keys_referenced(void* st);
int pf_rules_referenced(void* st);

}  // namespace model::pf
