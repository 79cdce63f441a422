// threads.h - contexts as the subject's threads.
// Source:  design section 1 trap 4 and 6: thread-local storage and keys belong to the context.
// Shapes:  a pthread_t is the context's id + 1.
// Locks:   none.
// Errors:  errno values as POSIX gives them.
#pragma once

#include "sim/machine/access.h"
#include "sim/machine/schedule.h"

namespace sim {

// Address of the module's thread-local block of a context; it is made on first use.
void* tls_address(context& c, uint64_t offset);
uint64_t tls_storage(context& c);

}  // namespace sim
