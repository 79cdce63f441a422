// future.cc - the base of a future's result, constructed and destroyed under hooks.
// Source:  <future>; the waiting itself is a futex call that the machine interposes.
// Shapes:  an empty exception until one is set.
#include <future>

namespace std {

__future_base::_Result_base::_Result_base() = default;
__future_base::_Result_base::~_Result_base() = default;

}  // namespace std
