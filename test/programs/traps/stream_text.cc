// expect: ok
// Inline functions of the streams write into std::cout itself, which is not the subject's memory.
#include <cassert>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <string>
#include <thread>

int main() {
    std::thread thread([] {
        std::ostringstream mine;
        mine << std::setw(4) << 7 << " thread";
        assert(mine.str() == "   7 thread");
    });
    std::ostringstream out;
    out << std::hex << 255 << ' ' << std::setprecision(3) << 1.5;
    assert(out.str() == "ff 1.5");
    std::istringstream in("12 words");
    int number = 0;
    std::string word;
    in >> number >> word;
    assert(number == 12 && word == "words");
    thread.join();
    std::cout << std::setw(6) << std::left << "abc" << 5 << std::endl;
    return 0;
}
