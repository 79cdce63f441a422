#include "viz/graph.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "test/viz/golden.h"
#include "test/viz/traces.h"
#include "viz/picture.h"

// What Graphviz and the libraries beneath it keep until the end is not ours to free.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libgvc\nleak:libcgraph\nleak:libgvplugin\nleak:libpango\nleak:libfontconfig\n"
           "leak:libcairo\nleak:libglib\nleak:libgobject\n";
}

namespace {

std::vector<sim::trace> all_traces() {
    return {test::destroyed_interface(), test::deadlock(),  test::lost_wakeup(),
            test::unremarked_deadlock(), test::data_race(), test::old_value(),
            test::single_cpu(),          test::five_cpus(), test::long_run(300)};
}

viz::scene scene_of(const sim::trace& t, uint32_t rows_max) {
    viz::story_options options;
    options.rows_max = rows_max;
    options.calls = false;
    return viz::picture_of(t, viz::tell(t, options), options.plumbing);
}

// A fresh folder for the files of one test.
std::string folder(const std::string& name) {
    std::string path = testing::TempDir() + "/heddle_graph_" + name;
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(path);
    return path;
}

std::string text_of(const std::string& path) {
    std::ifstream in(path);
    return std::string((std::istreambuf_iterator<char>(in)), {});
}

bool overlap(const viz::scene_box& a, const viz::scene_box& b) {
    return std::abs(a.x - b.x) * 2 < a.width + b.width - 0.5 &&
           std::abs(a.y - b.y) * 2 < a.height + b.height - 0.5;
}

TEST(Graph, Golden) {
    test::expect_golden("destroyed_interface.gv", viz::graph(test::destroyed_interface(), {}));
    test::expect_golden("deadlock.gv", viz::graph(test::deadlock(), {}));
    test::expect_golden("old_value.gv", viz::graph(test::old_value(), {}));
}

TEST(Graph, NoBoxCoversAnother) {
    for (const sim::trace& t : all_traces()) {
        const viz::scene s = scene_of(t, 50);
        std::set<std::string> ids;
        for (size_t i = 0; i < s.boxes.size(); ++i) {
            EXPECT_TRUE(ids.insert(s.boxes[i].id).second) << s.boxes[i].id << " twice";
            for (size_t k = 0; k < i; ++k) {
                EXPECT_FALSE(overlap(s.boxes[i], s.boxes[k]))
                    << t.header.subject << ": " << s.boxes[i].id << " and " << s.boxes[k].id;
            }
        }
    }
}

TEST(Graph, EverythingIsInsideThePicture) {
    for (const sim::trace& t : all_traces()) {
        const viz::scene s = scene_of(t, 50);
        for (const viz::scene_box& box : s.boxes) {
            EXPECT_GE(box.x - box.width / 2, 0) << box.id;
            EXPECT_GE(box.y - box.height / 2, 0) << box.id;
            EXPECT_LE(box.x + box.width / 2, s.width) << box.id;
            EXPECT_LE(box.y + box.height / 2, s.height) << box.id;
            for (const std::string& line : box.lines) {
                EXPECT_LE(viz::text_points(viz::text_width(line), box.font_size), box.width)
                    << box.id << ": " << line;
            }
        }
    }
}

TEST(Graph, BoxesOfACpuStandInOneColumnAndInOrder) {
    const viz::scene s = scene_of(test::destroyed_interface(), 50);
    std::map<std::string, double> x;
    double y = 0;
    for (const viz::scene_box& box : s.boxes) {
        if (box.id[0] == 'r' && box.id != "replay") {
            const std::string column = box.id.substr(box.id.find('c'));
            EXPECT_EQ(x.emplace(column, box.x).first->second, box.x) << box.id;
            EXPECT_GT(box.y, y) << box.id;
            y = box.y;
        }
    }
    EXPECT_EQ(x.size(), 2U);
}

TEST(Graph, WritesAPictureAndItsTextBesideIt) {
    const std::string to = folder("picture");
    std::string error;
    for (const char* ending : {"svg", "png", "pdf"}) {
        const std::string path = to + "/a." + ending;
        ASSERT_TRUE(viz::draw(test::destroyed_interface(), path, {}, error)) << error;
        EXPECT_GT(std::filesystem::file_size(path), 1000U);
        EXPECT_EQ(text_of(to + "/a.gv"), viz::graph(test::destroyed_interface(), {}));
    }
    const std::string svg = text_of(to + "/a.svg");
    EXPECT_NE(svg.find("USE AFTER FREE"), std::string::npos);
    EXPECT_NE(svg.find("if_free (if.cc:210)"), std::string::npos);  // the stack, as a tooltip
}

TEST(Graph, AGvFileNeedsNoGraphviz) {
    const std::string to = folder("text");
    std::string error;
    ASSERT_TRUE(viz::draw(test::deadlock(), to + "/a.gv", {}, error)) << error;
    EXPECT_EQ(text_of(to + "/a.gv"), viz::graph(test::deadlock(), {}));
}

TEST(Graph, RefusalsSayWhatToDo) {
    const std::string to = folder("refusal");
    std::string error;
    EXPECT_FALSE(viz::draw(test::deadlock(), to + "/a.bmp", {}, error));
    EXPECT_EQ(error,
              to + "/a.bmp: unknown kind of picture \"bmp\"; there are .svg, .png, .pdf, .gv");
    EXPECT_FALSE(viz::draw(test::deadlock(), to + "/a", {}, error));
    EXPECT_EQ(error, to + "/a: unknown kind of picture \"\"; there are .svg, .png, .pdf, .gv");
    EXPECT_TRUE(std::filesystem::is_empty(to));
    EXPECT_FALSE(viz::draw(test::deadlock(), to + "/none/a.svg", {}, error));
    EXPECT_EQ(error, "cannot write " + to + "/none/a.gv");
    viz::graph_options everything;
    everything.rows_max = 0;
    EXPECT_FALSE(viz::draw(test::long_run(3000), to + "/a.png", everything, error));
    EXPECT_EQ(error,
              to + "/a.png: a bitmap of that many rows is too tall; draw an .svg or fewer rows");
}

TEST(Graph, NamesFromTheSubjectCannotBreakTheText) {
    sim::trace t = test::single_cpu();
    t.header.subject = "a\"b\\c\n<&>.so";
    t.header.contexts[0].name = "m\"\\";
    t.events[2].object = "x\\N\"]; }";
    std::string error;
    const std::string path = folder("names") + "/a.svg";
    ASSERT_TRUE(viz::draw(t, path, {}, error)) << error;
    EXPECT_NE(text_of(path).find("x\\N&quot;]; }"), std::string::npos);
}

TEST(Graph, TenThousandStepsAreDrawn) {
    viz::graph_options everything;
    everything.rows_max = 0;
    std::string error;
    const std::string path = folder("long") + "/a.svg";
    EXPECT_TRUE(viz::draw(test::long_run(10000), path, everything, error)) << error;
}

}  // namespace
