// Captures: golden bytes for people, and what readers of somebody else's make of them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "test/viz/golden.h"
#include "test/viz/traces.h"
#include "viz/formats.h"
#include "viz/packets.h"

namespace {

namespace fs = std::filesystem;

std::string made(const sim::trace& t, std::string& error) {
    std::string bytes;
    const bool is_made = viz::format_named_or_null("pcapng")->make(t, {}, bytes, error);
    EXPECT_EQ(is_made, error.empty());
    return bytes;
}

// Sixteen bytes a line, as hexdump -C.
std::string dump(const std::string& bytes) {
    std::string out;
    for (size_t at = 0; at < bytes.size(); at += 16) {
        std::string text;
        out += fmt::format("{:08x} ", at);
        for (size_t i = at; i < std::min(at + 16, bytes.size()); ++i) {
            const auto c = static_cast<unsigned char>(bytes[i]);
            out += fmt::format(" {:02x}", c);
            text += c >= ' ' && c <= '~' ? static_cast<char>(c) : '.';
        }
        out += fmt::format("{:{}} |{}|\n", "", 3 * (16 - text.size()), text);
    }
    return out;
}

// What the command writes to its standard output.
std::string output_of(const std::string& command) {
    FILE* pipe = popen((command + " 2>/dev/null").c_str(), "r");
    std::string out;
    char part[4096];
    for (size_t n = 0; pipe != nullptr && (n = std::fread(part, 1, sizeof part, pipe)) != 0;) {
        out.append(part, n);
    }
    EXPECT_EQ(pipe == nullptr ? -1 : pclose(pipe), 0) << command;
    return out;
}

bool is_there(const char* program) {
    return std::system(fmt::format("command -v {} > /dev/null", program).c_str()) == 0;
}

class written_capture : public testing::Test {
  protected:
    void SetUp() override {
        std::string error;
        std::ofstream(path_, std::ios::binary) << made(test::packets(), error);
        ASSERT_EQ(error, "");
    }
    void TearDown() override { fs::remove(path_); }

    const std::string path_ =
        (fs::temp_directory_path() / fmt::format("heddle_{}.pcapng", getpid())).string();
};

using Tshark = written_capture;
using Capinfos = written_capture;

TEST(Pcapng, HasAGoldenFile) {
    std::string error;
    test::expect_golden("packets_pcapng.txt", dump(made(test::packets(), error)));
}

TEST(Pcapng, SaysThatThereAreNoPackets) {
    std::string error;
    EXPECT_EQ(made(test::deadlock(), error), "");
    EXPECT_EQ(error, "locks.race: no packet is seen on a wire in this execution");
}

TEST_F(Tshark, SeesInterfacesStepsAndComments) {
    if (!is_there("tshark")) {
        GTEST_SKIP() << "tshark is not installed";
    }
    test::expect_golden("packets_tshark.txt",
                        output_of("tshark -n --disable-protocol dns -r " + path_ +
                                  " -T fields -e frame.time_epoch -e frame.interface_name"
                                  " -e frame.interface_description -e frame.packet_flags_direction"
                                  " -e frame.packet_id -e frame.protocols -e frame.comment"));
}

TEST_F(Tshark, FindsNothingWrong) {
    if (!is_there("tshark")) {
        GTEST_SKIP() << "tshark is not installed";
    }
    EXPECT_EQ(output_of("tshark -n --disable-protocol dns -o ip.check_checksum:TRUE -o "
                        "udp.check_checksum:TRUE -r " +
                        path_ +
                        " -Y '_ws.malformed || ip.checksum.status == 0 || "
                        "udp.checksum.status == 0 || icmp.checksum.status == 0'"),
              "");
}

TEST_F(written_capture, IsReadByTcpdump) {
    if (!is_there("tcpdump")) {
        GTEST_SKIP() << "tcpdump is not installed";
    }
    const std::string text = output_of("tcpdump -n -r " + path_);
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 11) << text;
}

TEST_F(Capinfos, SeesWhatTheCaptureIsAbout) {
    if (!is_there("capinfos")) {
        GTEST_SKIP() << "capinfos is not installed";
    }
    const std::string text = output_of("capinfos -k -F -c -I " + path_);
    for (const char* words : {"packets.race", "a second is a step", "Number of packets:   11",
                              "Name = r1:em1", "Name = dropped", "Description = simulated"}) {
        EXPECT_NE(text.find(words), std::string::npos) << words << "\n" << text;
    }
}

TEST(Packets, LinkLevelHeadersAreTold) {
    const sim::trace t = test::packets();
    int bare = 0;
    for (const sim::trace_event& e : t.events) {
        EXPECT_FALSE(viz::is_bare_ip(e.bytes) && viz::is_ethernet(e.bytes)) << e.detail;
        bare += viz::is_bare_ip(e.bytes) ? 1 : 0;
        if (e.kind == "packet") {
            EXPECT_TRUE(viz::is_ethernet(e.bytes)) << e.detail;
            EXPECT_NE(viz::sighting_of(e).way, viz::packet_way_of::none) << e.detail;
        }
    }
    EXPECT_EQ(bare, 2);
}

}  // namespace
