// heddle_cc - `heddle cc` alone, so that a build can make subjects before the command is built.

#include <iostream>

#include "sim/program/cc.h"

int main(int argc, char** argv) {
    return sim::run_cc({argv + 1, argv + argc}, std::cout, std::cerr);
}
