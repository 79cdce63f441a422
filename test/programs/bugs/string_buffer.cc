// expect: finding assertion failed
// A buffer of characters whose every member function holds its lock. The bug: to append another buffer
// takes two of them, one for its length and one for its characters, and the other buffer may have been
// made shorter between the two. After the StringBuffer of Java 1.4, `stringbuffer-jdk1.4` of SCTBench.
#include <atomic>
#include <cassert>
#include <mutex>
#include <thread>

class string_buffer {
  public:
    int length() {
        const std::lock_guard<std::mutex> held(lock_);
        return count_;
    }
    void read(int count, char* into) {
        const std::lock_guard<std::mutex> held(lock_);
        assert(count <= count_);
        for (int i = 0; i < count; ++i) {
            into[i] = text_[i];
        }
    }
    void erase() {
        const std::lock_guard<std::mutex> held(lock_);
        count_ = 0;
    }
    void append(const char* text, int count) {
        const std::lock_guard<std::mutex> held(lock_);
        const int at = count_;
        for (int i = 0; i < count; ++i) {
            text_[at + i] = text[i];
        }
        count_ = at + count;
    }
    void append(string_buffer& other) {
        const std::lock_guard<std::mutex> held(lock_);
        const int more = other.length();
        const int at = count_;
        other.read(more, text_ + at);
        count_ = at + more;
    }

  private:
    std::mutex lock_;
    std::atomic<int> count_{0};
    char text_[16] = {};
};

int main() {
    string_buffer shared;
    string_buffer copy;
    shared.append("abc", 3);
    std::thread editor([&] {
        shared.erase();
        shared.append("abc", 3);
    });
    std::thread copier([&] { copy.append(shared); });
    editor.join();
    copier.join();
}
