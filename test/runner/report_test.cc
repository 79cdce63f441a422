// Reports: through the pipe and back, as JSON, as an exit status; processes of their own.
#include "scenarios/runner/report.h"

#include <gtest/gtest.h>
#include <pthread.h>

#include <sched.h>
#include <sys/mman.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "scenarios/runner/child.h"

namespace scenario {

namespace {

variant_report full_report() {
    variant_report v;
    v.name = "late_wait under giant";
    v.verdict = "found";
    v.strategy = "bounded, 3 preemptions";
    v.executions = 12345678901ULL;
    v.blocked = 7;
    v.redundant = 1;
    v.complete = true;
    v.bound = 3;
    v.bound_of = "delay";
    v.traces = {1, 4, 9};
    v.assumes = {"memory is sequentially consistent", "a \"quoted\" word"};
    v.findings = {
        {"use after free", "a.cc:3 f", "reads\nit", "harmless", "h1/x/y/-", 2, 91, 5, true}};
    v.expectations = {{"exists (bug)", "x.race", 12, true, false, "seen"}};
    v.broken = {{"forall (fate P1 == held)", "x.race", 11, 2, "h1/x", "P1 dropped"},
                {"forall (fate P2 == held)", "x.race", 13, -1, "", ""}};
    v.contexts = {{"net0", 0, 134}, {"adm", 1, 71}};
    v.conflicting_objects = 19;
    v.as_expected = false;
    v.notes = {"cut short"};
    v.internal_error = true;
    v.error = "x.race:1:1: error: what\n";
    v.seconds = 1.25;
    return v;
}

TEST(Report, SurvivesThePipe) {
    const std::string line = serialize(full_report());
    EXPECT_EQ(line.find('\n'), std::string::npos);
    variant_report back;
    std::string error;
    ASSERT_TRUE(deserialize(line, back, error)) << error;
    EXPECT_EQ(back, full_report());
}

TEST(Report, RefusesWhatIsNone) {
    variant_report v;
    std::string error;
    EXPECT_FALSE(deserialize("{\"name\":\"x\"}", v, error));
    EXPECT_EQ(error.rfind("a report that cannot be read: ", 0), 0U) << error;
    EXPECT_FALSE(deserialize("no json", v, error));
}

// Text that is no UTF-8 must not end the report.
TEST(Report, TakesAnyBytes) {
    variant_report v = full_report();
    v.findings[0].message = "byte \xff";
    EXPECT_EQ(serialize(v).find('\xff'), std::string::npos);
}

TEST(Report, PutsTimesOnALineOfTheirOwn) {
    report r{"x", {full_report()}};
    const std::string once = to_json(r);
    r.variants[0].seconds = 99;
    const std::string twice = to_json(r);
    const auto lines = [](const std::string& text) {
        std::vector<std::string> all;
        for (size_t at = 0; at < text.size();) {
            const size_t end = text.find('\n', at);
            all.push_back(text.substr(at, end - at));
            at = end + 1;
        }
        return all;
    };
    const std::vector<std::string> a = lines(once);
    const std::vector<std::string> b = lines(twice);
    ASSERT_EQ(a.size(), b.size());
    for (size_t i = 0; i < a.size(); ++i) {
        const bool timing = nlohmann::json::parse(a[i]).at("type") == "timing";
        EXPECT_EQ(timing, i + 2 == a.size());
        EXPECT_EQ(a[i] == b[i], !timing);
    }
    EXPECT_EQ(nlohmann::json::parse(a.back()).at("type"), "result");
}

TEST(Report, HasAnExitStatus) {
    variant_report good;
    good.verdict = "proved";
    variant_report failed = good;
    failed.as_expected = false;
    variant_report wrong = failed;
    wrong.error = "x";
    variant_report unsure = good;
    unsure.verdict = "inconclusive";
    variant_report broken = unsure;
    broken.internal_error = true;
    EXPECT_EQ(exit_status({"x", {good, good}}), 0);
    EXPECT_EQ(exit_status({"x", {good, unsure}}), 3);
    EXPECT_EQ(exit_status({"x", {unsure, failed}}), 1);
    EXPECT_EQ(exit_status({"x", {failed, wrong}}), 2);
    EXPECT_EQ(exit_status({"x", {wrong, broken}}), 4);
}

TEST(Child, SendsLinesInOrder) {
    std::vector<std::string> lines;
    const child_end end = run_in_child(
        [](const line_sender& parent) {
            for (int i = 0; i < 1000; ++i) {
                parent.send(std::to_string(i));
            }
            return 0;
        },
        [&](const std::string& line) {
            lines.push_back(line);
            return true;
        });
    EXPECT_FALSE(end.died());
    ASSERT_EQ(lines.size(), 1000U);
    EXPECT_EQ(lines.front(), "0");
    EXPECT_EQ(lines.back(), "999");
}

TEST(Child, IsReportedWithItsLastWordsWhenItDies) {
    const auto nobody = [](const std::string&) { return true; };
    const child_end killed = run_in_child(
        [](const line_sender&) {
            std::fputs("out\n", stdout);
            std::fputs("last words\n", stderr);
            raise(SIGKILL);
            return 0;
        },
        nobody);
    EXPECT_TRUE(killed.died());
    EXPECT_EQ(killed.signal, SIGKILL);
    EXPECT_EQ(describe(killed), "died of signal 9 (Killed):\nlast words");
    const child_end four = run_in_child([](const line_sender&) { return 4; }, nobody);
    EXPECT_EQ(four.status, 4);
    EXPECT_EQ(describe(four), "ended with status 4");
}

// What the second needs is made while the first runs, and over before it is asked for.
TEST(Child, IsMadeReadyWhileOthersRun) {
    void* page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(page, MAP_FAILED);
    auto& made = *new (page) std::atomic<int>(0);
    std::string seen;
    std::vector<child_job> jobs(2);
    for (child_job& job : jobs) {
        job.on_line = [&](const std::string& line) {
            seen += line + "; ";
            return true;
        };
    }
    jobs[0].body = [&](const line_sender& parent) {
        while (made == 0) {
            sched_yield();
        }
        parent.send("the first ran");
        return 0;
    };
    jobs[1].ahead = [&] { ++made; };
    jobs[1].prepare = [&] {
        seen += "made " + std::to_string(made) + "; ";
        return true;
    };
    jobs[1].body = [](const line_sender& parent) {
        parent.send("the second ran");
        return 0;
    };
    run_in_children(jobs, 1);
    EXPECT_EQ(seen, "the first ran; made 1; the second ran; ");
    munmap(page, 4096);
}

TEST(Child, IsPreparedEvenIfNothingWasMadeAhead) {
    std::vector<child_job> jobs(2);
    bool prepared = false;
    for (child_job& job : jobs) {
        job.ahead = [] { raise(SIGKILL); };
        job.on_line = [](const std::string&) { return true; };
        job.body = [](const line_sender&) { return 0; };
    }
    jobs[1].prepare = [&] { return prepared = true; };
    run_in_children(jobs, 1);
    EXPECT_TRUE(prepared && jobs[1].started);
    EXPECT_FALSE(jobs[1].end.died());
}

// It is asked to stop, and still reports.
TEST(Child, StopsWhenItsParentWantsNoMore) {
    std::vector<std::string> lines;
    const child_end end = run_in_child(
        [](const line_sender& parent) {
            parent.send("first");
            while (!stop_requested()) {
                sched_yield();
            }
            parent.send("report");
            return 0;
        },
        [&](const std::string& line) {
            lines.push_back(line);
            return line != "first";
        });
    EXPECT_FALSE(end.died());
    EXPECT_EQ(lines, (std::vector<std::string>{"first", "report"}));
    EXPECT_FALSE(stop_requested());
}

// Ctrl-C reaches the parent; the child still reports. In a process of its own, since the wish to
// stop stays.
TEST(Child, StopsOnCtrlC) {
    const auto body = [](const line_sender& outer) {
        std::string seen;
        const child_end end = run_in_child(
            [](const line_sender& parent) {
                parent.send("first");
                while (!stop_requested()) {
                }
                parent.send("report");
                return 0;
            },
            [&](const std::string& line) {
                seen += line + " ";
                if (line == "first") {
                    raise(SIGINT);
                }
                return true;
            });
        outer.send(seen + (end.died() ? "died" : "ended") + (stop_requested() ? " stopped" : ""));
        return 0;
    };
    std::string said;
    run_in_child(body, [&](const std::string& line) {
        said += line;
        return true;
    });
    EXPECT_EQ(said, "first report ended stopped");
}

// Asked before it can listen, which is when a new process has not said yet what is to become of signals:
// it hears it later. In a process of its own, since what is done at each fork() stays.
TEST(Child, StopsWhereItIsAskedBeforeItListens) {
    const auto body = [](const line_sender& outer) {
        std::signal(SIGTERM, SIG_DFL);  // this one listens already
        pthread_atfork(nullptr, nullptr, [] { raise(SIGTERM); });
        std::string seen;
        const child_end end = run_in_child(
            [](const line_sender& parent) {
                parent.send(stop_requested() ? "asked" : "not asked");
                return 0;
            },
            [&](const std::string& line) {
                seen += line + " ";
                return true;
            });
        outer.send(seen + (end.died() ? "died" : "ended") + (stop_requested() ? " stopped" : ""));
        return 0;
    };
    std::string said;
    run_in_child(body, [&](const std::string& line) {
        said += line;
        return true;
    });
    EXPECT_EQ(said, "asked ended");
}

}  // namespace

}  // namespace scenario
