// pages FOLDER: writes the pages that page_test.py looks at, and the traces that they were made of.
#include <cstdio>
#include <fstream>
#include <sstream>

#include "test/viz/traces.h"
#include "viz/html/report.h"

namespace {

// A source whose lines say where they stand.
std::string numbered(const std::string& file) {
    std::string text;
    for (int line = 1; line <= 500; ++line) {
        text += file + " <line " + std::to_string(line) + "> \"x\" && y\n";
    }
    return text;
}

viz::report_options with_source() {
    viz::report_options o;
    o.source = numbered;
    return o;
}

void write(const std::string& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

void write_both(const std::string& stem, const sim::trace& t, const viz::report_options& o) {
    std::ostringstream trace;
    sim::write_trace(t, trace);
    write(stem + ".jsonl", trace.str());
    write(stem + ".html", viz::html_report(t, o));
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("usage: pages FOLDER\n", stderr);
        return 2;
    }
    const std::string folder = std::string(argv[1]) + "/";
    write_both(folder + "destroyed", test::destroyed_interface(), with_source());
    write_both(folder + "deadlock", test::deadlock(), {});
    write_both(folder + "five_cpus", test::five_cpus(), {});
    write_both(folder + "packets", test::packets(), {});
    write_both(folder + "single", test::single_cpu(), {});
    write_both(folder + "long", test::long_run(50000), {});
    // What a subject may call its things must not become markup.
    sim::trace wicked = test::deadlock();
    wicked.header.subject = "</script><b id=wicked>\"&'";
    wicked.events[1].object = "</script><script>wicked = 1</script><!--";
    write_both(folder + "wicked", wicked, {});
    write(folder + "two.html", viz::html_report(test::destroyed_interface(), with_source(),
                                                test::passed_interface(), with_source()));
    return 0;
}
