"""page_test.py PAGES: the HTML report in a real browser. PAGES is the program that writes the pages (pages.cc).

Exits with 77, which ctest shows as skipped, where there is no Chromium.
"""
import os
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import browser  # noqa: E402

FOLDER = None  # where the pages are
PAGE = None    # the browser


def line_of(step):
    """The element of a step's line, as an expression."""
    return ("[...document.querySelectorAll('.line')].find(l => l.querySelector('.gutter').firstChild.data === '%d')"
            % step)


class PageTest(unittest.TestCase):
    def setUp(self):
        PAGE.complaints.clear()
        PAGE.size(1400, 900)
        PAGE.dark(False)

    def tearDown(self):
        self.assertEqual(PAGE.complaints, [])

    def open(self, name, fragment=""):
        PAGE.open(os.path.join(FOLDER, name + ".html"), fragment)

    def heading(self):
        return PAGE.text("#panel h2")

    def step(self):
        """The number of the current step."""
        return int(self.heading().split("step ")[1].split(" ")[0])

    def lines(self):
        return PAGE.value("page.lines.list.length")


class Rendering(PageTest):
    def test_the_story_is_told(self):
        self.open("destroyed")
        self.assertEqual(PAGE.text("#title"), "forward.race, late_wait")
        self.assertIn("USE AFTER FREE in ip_output (ip_output.cc:412)", PAGE.text("#findings summary"))
        self.assertIn("freed", PAGE.texts("#findings dt"))
        # It begins at the finding, with the column of each CPU, and the step that freed is on the screen.
        self.assertEqual(self.step(), PAGE.value("page.runs[0].findings[0].step"))
        self.assertEqual(PAGE.texts("#heads span"), ["step", "cpu0 net0", "cpu1 adm", "changes"])
        self.assertIn("freed", " ".join(PAGE.texts(".line.evidence .label")))
        self.assertTrue(PAGE.value("document.querySelector('.line.current .cell.step').textContent.includes('read ifnet em1+24')"))
        self.assertEqual(PAGE.value("document.querySelectorAll('#arrows .arrow.proof').length"), 1)
        self.assertLess(self.lines(), 80)

    def test_every_page_draws_every_step(self):
        for name in ("destroyed", "deadlock", "five_cpus", "single"):
            self.open(name)
            PAGE.click("#view-all")
            steps = PAGE.value("page.lines.list.filter(l => page.runs[0].kind(l.rows[0]) === 'step').length")
            self.assertEqual(steps, PAGE.value("page.runs[0].steps"), name)
            self.assertEqual(PAGE.value("document.activeElement.tagName !== 'INPUT'"), True)

    def test_what_a_subject_is_called_is_no_markup(self):
        self.open("wicked")
        self.assertEqual(PAGE.text("#title"), "</script><b id=wicked>\"&', swapped")
        self.assertTrue(PAGE.value("document.getElementById('wicked') === null && typeof wicked === 'undefined'"))

    def test_narrow_and_dark(self):
        PAGE.size(420, 800)
        self.open("destroyed")
        self.assertEqual(PAGE.value("document.documentElement.scrollWidth <= innerWidth"), True)
        self.assertEqual(PAGE.value("page.layout[0].joined"), True)
        light = PAGE.value("getComputedStyle(document.body).backgroundColor")
        PAGE.dark(True)
        self.assertNotEqual(PAGE.value("getComputedStyle(document.body).backgroundColor"), light)
        # The switch overrules the system.
        PAGE.value("document.getElementById('theme').click()")
        self.assertEqual(PAGE.value("getComputedStyle(document.body).backgroundColor"), light)

    def test_the_trace_can_be_saved_as_it_was(self):
        for name in ("destroyed", "deadlock", "five_cpus", "single", "wicked", "packets", "long"):
            self.open(name)
            with open(os.path.join(FOLDER, name + ".jsonl"), encoding="utf-8") as trace:
                self.assertTrue(PAGE.value("trace_text(page.runs[0])") == trace.read(), name)


class Stepping(PageTest):
    def test_lines_up_and_down(self):
        self.open("destroyed", "#step=1")
        self.assertEqual(self.step(), 1)
        first = PAGE.value("page.line")
        PAGE.keys("j", "j", "ArrowDown", "k")
        self.assertEqual(PAGE.value("page.line"), first + 2)
        PAGE.keys("End")
        self.assertEqual(PAGE.value("page.line"), self.lines() - 1)
        PAGE.keys("j")
        self.assertEqual(PAGE.value("page.line"), self.lines() - 1)
        PAGE.keys("Home", "k")
        self.assertEqual(PAGE.value("page.line"), 0)
        # The current line is on the screen, and named for those who hear the page.
        self.assertEqual(PAGE.value("document.getElementById('grid').getAttribute('aria-activedescendant')"), "line-0")
        self.assertTrue(PAGE.value("document.getElementById('line-0').getAttribute('aria-selected') === 'true'"))
        self.assertNotEqual(PAGE.text("#said"), "")

    def test_evidence(self):
        self.open("destroyed")
        found = self.step()
        freed = PAGE.value("page.runs[0].findings[0].evidence[0].step")
        PAGE.keys("p")
        self.assertEqual(self.step(), freed)
        self.assertIn("Evidence: freed", PAGE.text("#panel .headline"))
        PAGE.keys("n")
        self.assertEqual(self.step(), found)

    def test_go_to_a_step_that_is_folded(self):
        self.open("destroyed")
        hidden = PAGE.value("(() => { const s = new Set(page.runs[0].raw.story);"
                            "for (let i = 1; ; ++i) if (!s.has(page.runs[0].row_of_step[i])) return i; })()")
        lines = self.lines()
        PAGE.keys("g")
        PAGE.type(str(hidden))
        PAGE.keys("Enter")
        self.assertEqual(self.step(), hidden)
        self.assertGreater(self.lines(), lines)
        PAGE.keys("Enter")  # closes the fold again
        self.assertEqual(self.lines(), lines)
        PAGE.keys("e")
        self.assertGreater(self.lines(), lines)

    def test_along_the_order(self):
        self.open("destroyed")
        ordered = PAGE.value("Math.max(...page.runs[0].before.keys())")
        self.open("destroyed", "#step=%d" % ordered)
        before = PAGE.value("page.runs[0].before.get(%d)" % ordered)
        self.assertIn("Depends on", PAGE.texts("#panel h3"))
        self.assertGreater(PAGE.value("document.querySelectorAll('#arrows .arrow.before').length"), 0)
        self.assertEqual(PAGE.texts("#panel .steps a")[0].split(" ")[0], str(max(before)))
        PAGE.keys("[")
        self.assertEqual(self.step(), max(before))
        PAGE.keys("]")
        self.assertIn(self.step(), PAGE.value("page.runs[0].behind.get(%d)" % max(before)))

    def test_a_click_chooses(self):
        self.open("destroyed", "#step=1")
        PAGE.value("%s.id = 'wanted-line'" % "document.querySelectorAll('.line')[3]")
        PAGE.value("document.getElementById('wanted-line').id = 'line-3'")
        PAGE.click("#line-3 .cell")
        self.assertEqual(PAGE.value("page.line"), 3)

    def test_help(self):
        self.open("destroyed")
        PAGE.keys("?")
        self.assertTrue(PAGE.value("document.getElementById('help').open"))
        self.assertGreater(len(PAGE.texts("#help dt")), 10)
        here = self.step()
        PAGE.keys("j")
        self.assertEqual(self.step(), here)
        PAGE.keys("Escape")
        self.assertFalse(PAGE.value("document.getElementById('help').open"))


class Links(PageTest):
    def test_a_link_names_a_step(self):
        self.open("destroyed", "#step=33")
        self.assertEqual(self.step(), 33)
        PAGE.value("location.hash = '#step=7'")
        PAGE.value("new Promise(done => setTimeout(done, 50))")
        self.assertEqual(self.step(), 7)
        PAGE.keys("l")
        self.assertEqual(PAGE.value("location.hash"), "#step=%d" % self.step())

    def test_a_wrong_link_says_so(self):
        self.open("destroyed", "#step=99999")
        self.assertEqual(self.step(), PAGE.value("page.runs[0].findings[0].step"))

    def test_what_is_copied(self):
        self.open("destroyed")
        PAGE.value("navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }")
        PAGE.keys("c")
        token = PAGE.value("copied")
        self.assertEqual(token, PAGE.value("page.runs[0].raw.token"))
        PAGE.keys("y")
        self.assertEqual(PAGE.value("copied"), "heddle replay forward.race --variant late_wait " + token)
        PAGE.keys("u")
        self.assertTrue(PAGE.value("copied").endswith(PAGE.value("location.hash")))


class Filters(PageTest):
    def shown(self):
        return PAGE.value("page.lines.list.map(l => l.rows[0]).map(r => [page.runs[0].contexts[page.runs[0].context(r)].name,"
                          "page.runs[0].row_text(r), page.runs[0].objects(r)])")

    def choose(self, selector, value):
        PAGE.value("(() => { const e = document.querySelector('%s'); e.value = '%s';"
                   "e.dispatchEvent(new Event('input', {bubbles: true})); })()" % (selector, value))

    def test_object(self):
        self.open("destroyed")
        everything = self.lines()
        self.choose("#object", "ifnet em1")
        rows = self.shown()
        self.assertGreater(len(rows), 3)
        self.assertTrue(all(any(o.startswith("ifnet em1") for o in objects) for _, _, objects in rows))
        PAGE.keys("x")
        self.assertEqual(self.lines(), everything)

    def test_lock(self):
        self.open("destroyed")
        self.choose("#lock", "arp mutex")
        rows = self.shown()
        self.assertEqual({name for name, _, _ in rows}, {"net0", "adm"})
        self.assertTrue(all("arp mutex" in text for _, text, _ in rows), rows)

    def test_packet(self):
        self.open("destroyed")
        names = PAGE.value("[...document.querySelectorAll('#packet option')].map(o => o.value)")
        self.assertEqual(len(names), 2)
        self.choose("#packet", names[1])
        self.assertEqual({name for name, _, _ in self.shown()}, {"net0"})

    def test_text(self):
        self.open("destroyed")
        PAGE.keys("/")
        PAGE.type("IF_FREE")
        rows = self.shown()
        self.assertGreater(len(rows), 0)
        self.assertTrue(all(name == "adm" for name, _, _ in rows), rows)
        self.choose("#search", "nothing is called like that")
        self.assertEqual(self.lines(), 0)
        self.assertIn("Nothing passes", PAGE.text("#panel"))

    def test_contexts_and_cpus(self):
        self.open("destroyed")
        PAGE.click("[data-cpu='1']")
        self.assertEqual({name for name, _, _ in self.shown()}, {"net0"})
        self.assertEqual(PAGE.texts("#heads span"), ["step", "cpu0 net0", "changes"])
        PAGE.click("[data-context='adm']")
        self.assertEqual({name for name, _, _ in self.shown()}, {"net0", "adm"})


class Panel(PageTest):
    def test_the_source_of_the_step(self):
        self.open("destroyed")
        self.assertEqual(PAGE.text("#panel figcaption"), "model/netinet/ip_output.cc:412")
        self.assertIn('model/netinet/ip_output.cc <line 412> "x" && y', PAGE.text("#panel .code.here"))
        PAGE.value("document.querySelectorAll('#panel .frame')[1].click()")
        self.assertNotEqual(PAGE.text("#panel figcaption"), "model/netinet/ip_output.cc:412")

    def test_what_is_held_and_what_changed(self):
        self.open("destroyed")
        step = PAGE.value("page.runs[0].event_of_step.findIndex((e, s) => s > 0 && "
                          "page.runs[0].text(page.runs[0].events.kind[e]) === 'wrlock')")
        PAGE.value("location.hash = '#step=%d'" % step)
        PAGE.value("new Promise(done => setTimeout(done, 50))")
        self.assertEqual(PAGE.texts("#panel .changes tr"), ["conf_lockfree\u2192held by adm"])
        self.assertEqual(PAGE.texts("#panel table.state.lock tr"), ["conf_lockheld by adm"])
        self.assertEqual(PAGE.texts("#panel table.state.reference tr"),
                         PAGE.value("[...page.changes[0].until(page.runs[0].event_of_step[%d])].filter(([, s]) => "
                                    "s.group === 'reference').map(([t, s]) => t + s.value)" % step))

    def test_the_state_is_that_of_all_changes_so_far(self):
        self.open("five_cpus")
        wrong = PAGE.value("""(() => {
            const last = new Map(), wrong = [], c = page.changes[0];
            for (let i = 0; i < c.count; ++i) {
                last.set(c.at(i).thing, c.at(i).after);
                if (i + 1 < c.count && c.at(i + 1).event === c.at(i).event) continue;
                const state = c.until(c.at(i).event);
                if (state.size !== last.size) wrong.push(i);
                for (const [thing, value] of last) if (state.get(thing).value !== value) wrong.push(thing);
            }
            return wrong; })()""")
        self.assertEqual(wrong, [])

    def test_a_packet_is_taken_apart(self):
        self.open("destroyed")
        PAGE.value("select_row(0, page.runs[0].raw.story.find(r => page.runs[0].row_text(r).startsWith('packet')))")
        self.assertEqual(PAGE.texts("#panel .layers dt"), ["interface", "IPv4", "UDP"])
        self.assertEqual(PAGE.texts("#panel .layers dd")[1:], ["10.0.1.9 > 10.9.0.5", "port 1234 > 53, 64 bytes"])
        for text, layers in (
                ("em0 queue 1 < IP 10.0.1.9.1234 > 10.9.0.5.53: udp 1",
                 [["interface", "em0 queue 1 comes in"], ["IPv4", "10.0.1.9 > 10.9.0.5"], ["UDP", "port 1234 > 53, 1 byte"]]),
                ("em1 > arp who-has 10.0.2.2 tell 10.0.2.1",
                 [["interface", "em1 goes out"], ["ARP", "who-has 10.0.2.2 tell 10.0.2.1"]]),
                ("em0 < IP 10.0.0.1.5 > 10.0.0.2.80: Flags [S], seq 1",
                 [["interface", "em0 comes in"], ["IPv4", "10.0.0.1 > 10.0.0.2"], ["TCP", "port 5 > 80, Flags [S], seq 1"]]),
                ("something else", [["packet", "something else"]])):
            self.assertEqual(PAGE.value("packet_layers('%s')" % text), layers)


    def packet(self, words):
        """Makes the remark with these words the current line."""
        self.open("packets")
        PAGE.click("#view-all")
        PAGE.value("select_row(0, [...Array(page.runs[0].row_count).keys()].find(r => "
                   "page.runs[0].row_text(r).includes('%s')))" % words)

    def test_the_bytes_of_a_packet(self):
        self.packet("r1:em1 > IP")
        self.assertEqual(PAGE.texts("#panel .layers dt"), ["Ethernet", "IPv4", "UDP", "payload"])
        ip = PAGE.texts("#panel .layers dd")[1]
        for words in ("from 10.0.1.9", "to 10.9.0.5", "ttl 63", "protocol 17 UDP", "right"):
            self.assertIn(words, ip)
        self.assertTrue(PAGE.texts("#panel .hex div")[0].startswith("0000  02 00 00 00 02 02 02 00  00 00"))
        self.assertIn("heddle!!", "".join(text[-16:].strip() for text in PAGE.texts("#panel .hex div")))
        self.assertEqual([text.split(" ", 2)[2] for text in PAGE.texts("#panel .life li")],
                         ["r1:em0 queue 1 < IP 10.0.1.9.1234 > 10.9.0.5.53: udp 8", "held",
                          "r1:em1 > IP 10.0.1.9.1234 > 10.9.0.5.53: udp 8", "forwarded em1"])

    def test_what_is_left_of_a_dropped_packet(self):
        self.packet("dropped noroute")
        self.assertEqual(PAGE.texts("#panel .layers dt"), ["IPv4", "ICMP", "payload"])
        self.assertIn("echo request", PAGE.texts("#panel .layers dd")[1])

    def test_a_wrong_checksum_is_said(self):
        self.packet("r2:em0 < IP")
        wrong = PAGE.value("headers_of(bytes_of_hex(page.runs[0].text([...page.runs[0].bytes.values()][0])"
                           ".replace('4011', '3f11'))).flatMap(h => h.fields).filter(f => f[0] === 'checksum')[0][1]")
        self.assertTrue(wrong.endswith("WRONG"), wrong)


class TwoRuns(PageTest):
    def test_side_by_side(self):
        self.open("two")
        self.assertIn("A:", PAGE.text("#title"))
        self.assertIn("First divergence", PAGE.text("#findings .divergence"))
        self.assertEqual(PAGE.texts("#findings .none"), ["B: nothing was found in this execution"])
        # The line where they part is marked in both.
        PAGE.value("document.querySelector('#findings .divergence a').click()")
        self.assertTrue(PAGE.value("document.querySelector('.line.current').classList.contains('divergence')"))
        self.assertIn("Here the two executions part", PAGE.text("#panel"))
        self.assertTrue(PAGE.value("location.hash").startswith("#A.step="))

    def test_pairs_share_a_line_and_everybody_has_one(self):
        self.open("two")
        PAGE.click("#view-all")
        wrong = PAGE.value("""(() => {
            const wrong = [], seen = [new Set(), new Set()];
            page.lines.base.forEach((line) => line.rows.forEach((row, side) => {
                if (row < 0) return;
                if (seen[side].has(row)) wrong.push([side, row]);
                seen[side].add(row);
            }));
            page.runs.forEach((run, side) => { if (seen[side].size !== run.row_count) wrong.push(side); });
            for (const side of [0, 1]) {
                let last = -1;
                page.lines.base.forEach((line) => {
                    if (line.rows[side] >= 0) { if (line.rows[side] < last) wrong.push(line.rows); last = line.rows[side]; }
                });
            }
            page.lines.base.forEach((line) => {
                const [a, b] = line.rows;
                if (a >= 0 && b >= 0 && page.runs[0].kind(a) === 'step' &&
                    page.partner[0][page.runs[0].step(a)] !== page.runs[1].step(b)) wrong.push(line.rows);
            });
            return wrong; })()""")
        self.assertEqual(wrong, [])

    def test_the_same_step_of_the_other(self):
        self.open("two")
        here = self.step()
        partner = PAGE.value("page.partner[0][%d]" % here)
        self.assertIn("In B it is step %d" % partner, PAGE.text("#panel"))
        PAGE.value("document.querySelector('#panel .headline a').click()")
        self.assertEqual(self.heading().split(" of")[0], "B step %d" % partner)


class Long(PageTest):
    def test_fifty_thousand_steps(self):
        begin = time.monotonic()
        self.open("long", "#step=25000")
        loaded = time.monotonic() - begin
        self.assertEqual(self.step(), 25000)
        PAGE.click("#view-all")
        self.assertGreaterEqual(self.lines(), 50000)
        # Only what is on the screen is an element.
        self.assertLess(PAGE.value("document.querySelectorAll('.line').length"), 120)
        for _ in range(20):
            PAGE.key("j")
        self.assertEqual(self.step(), 25020)
        PAGE.keys("End")
        self.assertEqual(self.step(), 50000)
        PAGE.keys("/")
        PAGE.type("shared 2")
        self.assertGreater(self.lines(), 1000)
        # No measurement: a page that is quadratic somewhere takes minutes.
        self.assertLess(loaded, browser.SECONDS_MAX)


def main():
    global FOLDER, PAGE
    if browser.find() is None:
        print("skipped: there is no Chromium here (Debian: chromium)")
        return 77
    with tempfile.TemporaryDirectory(prefix="heddle_pages_") as FOLDER:
        subprocess.run([sys.argv[1], FOLDER], check=True)
        with browser.Browser() as PAGE:
            suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
            done = unittest.TextTestRunner(verbosity=2).run(suite)
    return 0 if done.wasSuccessful() and done.testsRun > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
