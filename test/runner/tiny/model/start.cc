#include "model/factor.h"

int count(int n);

__attribute__((visibility("default"))) int start() {
    return factor() * count(HEDDLE_TINY_BEGIN);
}
