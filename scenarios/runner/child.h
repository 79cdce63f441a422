// child.h - runs bodies in processes of their own, which send lines of text to their parent.
// Source:  a subject lives at fixed addresses and may break anything: one process for each simulation.
// Shapes:  a line carries no newline. The child reads nothing: its standard input is empty.
// Locks:   none.
// Errors:  a child that dies is reported with its signal and the end of what it wrote on stderr.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace scenario {

class line_sender {
  public:
    explicit line_sender(int fd) : fd_(fd) {}
    void send(const std::string& line) const;

  private:
    int fd_;
};

// What becomes of the subject's own output: a search prints it a million times.
enum class child_output { silenced, shown };  // shown: on the standard error

struct child_end {
    int status = 0;          // what the body returned
    int signal = 0;          // that killed it, 0: none
    std::string last_words;  // the end of what a silenced child wrote on stderr
    [[nodiscard]] bool died() const { return signal != 0 || status != 0; }
};

// The body's lines reach `on_line` in order; when that returns false, or on Ctrl-C, the child is asked
// to stop (stop_requested() becomes true there); a second Ctrl-C kills it.
child_end run_in_child(const std::function<int(const line_sender&)>& body,
                       const std::function<bool(const std::string&)>& on_line,
                       child_output output = child_output::silenced);

// One of several.
struct child_job {
    std::function<bool()> prepare;  // in the parent, before it is started; false: it is not
    // In a process of its own while those before it run: whatever makes prepare() quick. May be empty.
    std::function<void()> ahead;
    std::function<int(const line_sender&)> body;
    std::function<bool(const std::string&)> on_line;
    bool started = false;
    child_end end;
};
// In their order, no more than so many at a time. After Ctrl-C none is started.
void run_in_children(std::vector<child_job>& jobs, unsigned at_once,
                     child_output output = child_output::silenced);

// "died of signal 11 (Segmentation fault)", "ended with status 4", with its last words.
std::string describe(const child_end& end);

// In the child: end after the current execution and report. In the parent: Ctrl-C was pressed.
bool stop_requested();

}  // namespace scenario
