// once.cc - what std::call_once passes its closure through, in the module's thread-local storage.
// Source:  <mutex>. libstdc++'s own copies are one per host thread; the module's are one per
//          context, so a switch between storing the closure and running it does no harm.
// Shapes:  both are null outside call_once.
#include <mutex>

namespace std {

__thread void* __once_callable;
__thread void (*__once_call)();

extern "C" void __once_proxy() {
    __once_call();
}

}  // namespace std
