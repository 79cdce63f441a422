// module.h - loads a subject into its place and knows where its parts are.
// Source:  design section 1; glibc maps a shared object at its link address when that is free.
// Shapes:  one subject a process and address slot.
// Locks:   none.
// Errors:  a message for people; nothing is loaded then.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace sim {

class symbols;

// Loads the file and runs its constructors in set-up mode. False with a message.
[[nodiscard]] bool module_load(const std::string& path, std::string& error);
// Of the loaded file.
const std::string& module_path();
// Functions whose writes the machine cannot see: restore then compares all memory.
const std::vector<std::string>& module_unseen_writers();
// A symbol exported or not; 0: there is none of that name.
uint64_t module_function(const std::string& mangled_or_plain);

// Writable data of a shared library that is loaded beside the subject.
bool is_library_data(const void* p, uint64_t size);

uint64_t module_tls_size();
uint64_t module_tls_align();
void module_tls_init(uint64_t address);
bool is_subject_tls(uint64_t module_id);

uint32_t module_next_key();
uint32_t module_take_key();

}  // namespace sim
