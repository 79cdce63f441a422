// Words, addresses and columns of the commands.
#include <gtest/gtest.h>

#include <cerrno>

#include "model/admin/error_text.h"
#include "model/admin/text.h"

namespace model::admin {
namespace {

TEST(text, splits_at_blanks) {
    EXPECT_TRUE(split_words("").empty());
    EXPECT_TRUE(split_words(" \t\n").empty());
    const auto words = split_words("  arp -s\t10.0.2.2  02:00:00:00:02:02\n");
    ASSERT_EQ(words.size(), 4U);
    EXPECT_EQ(words[0], "arp");
    EXPECT_EQ(words[3], "02:00:00:00:02:02");
}

TEST(text, numbers) {
    EXPECT_EQ(parse_number("0", 9), 0U);
    EXPECT_EQ(parse_number("4294967295", 0xffffffff), 0xffffffffU);
    for (const char* bad : {"", "-1", "1x", " 1", "4294967296", "99999999999"}) {
        EXPECT_FALSE(parse_number(bad, 0xffffffff)) << bad;
    }
    EXPECT_FALSE(parse_number("256", 255));
}

TEST(text, addresses) {
    EXPECT_EQ(parse_address("10.0.2.1"), 0x0a000201U);
    EXPECT_EQ(parse_address("255.255.255.255"), 0xffffffffU);
    for (const char* bad :
         {"", "10", "10.0.2", "10.0.2.", "10.0.2.256", "10.0.2.1.1", "10..2.1", "a.0.2.1"}) {
        EXPECT_FALSE(parse_address(bad)) << bad;
    }
}

TEST(text, prefixes) {
    const auto full = parse_prefix("10.0.2.0/24");
    ASSERT_TRUE(full);
    EXPECT_EQ(full->address, 0x0a000200U);
    EXPECT_EQ(full->len, 24U);
    EXPECT_TRUE(full->len_given);
    const auto brief = parse_prefix("10.9/16");
    ASSERT_TRUE(brief);
    EXPECT_EQ(brief->address, 0x0a090000U);
    const auto host = parse_prefix("10.9.0.5");
    ASSERT_TRUE(host);
    EXPECT_EQ(host->len, 32U);
    EXPECT_FALSE(host->len_given);
    for (const char* bad : {"10.9", "10.9.0.0/33", "10.9.0.0/", "/8", "10.9.0.0/x"}) {
        EXPECT_FALSE(parse_prefix(bad)) << bad;
    }
}

TEST(text, netmasks) {
    EXPECT_EQ(parse_netmask("255.255.255.0"), 24U);
    EXPECT_EQ(parse_netmask("0xffff0000"), 16U);
    EXPECT_EQ(parse_netmask("0.0.0.0"), 0U);
    EXPECT_EQ(parse_netmask("255.255.255.255"), 32U);
    EXPECT_FALSE(parse_netmask("255.0.255.0"));
    EXPECT_FALSE(parse_netmask("0xfffffffff"));
}

TEST(text, link_level_addresses) {
    const auto address = parse_lladdr("2:0:0:0:A:fe");
    ASSERT_TRUE(address);
    EXPECT_EQ(lladdr_text(*address), "02:00:00:00:0a:fe");
    for (const char* bad : {"", "02:00:00:00:02", "02:00:00:00:02:02:02",
                            "02:00:00:00:02:", "02:00:00:00:02:0g", "02:00:00:00:02:002"}) {
        EXPECT_FALSE(parse_lladdr(bad)) << bad;
    }
}

TEST(text, destinations) {
    EXPECT_EQ(destination_text(0, 0), "default");
    EXPECT_EQ(destination_text(0x0a090000, 16), "10.9/16");
    EXPECT_EQ(destination_text(0x0a000000, 8), "10/8");
    EXPECT_EQ(destination_text(0x0a000240, 26), "10.0.2.64/26");
    EXPECT_EQ(destination_text(0x0a000202, 32), "10.0.2.2");
}

TEST(text, ends_of_communication) {
    const auto end = parse_sockaddr("10.0.2.1.53");
    ASSERT_TRUE(end);
    EXPECT_EQ(sockaddr_text(*end), "10.0.2.1.53");
    const auto any = parse_sockaddr("*.53");
    ASSERT_TRUE(any);
    EXPECT_EQ(sockaddr_text(*any), "*.53");
    EXPECT_EQ(sockaddr_text({}), "*.*");
    for (const char* bad : {"", "53", "10.0.2.1", "10.0.2.1.", "10.0.2.1.65536", "10.0.2.*.53",
                            "10.0.2.256.53", ".53", "*.x"}) {
        EXPECT_FALSE(parse_sockaddr(bad)) << bad;
    }
}

TEST(text, columns_and_hexadecimal) {
    EXPECT_EQ(left("em0", 5), "em0  ");
    EXPECT_EQ(right("em0", 5), "  em0");
    EXPECT_EQ(left("longer", 3), "longer");
    EXPECT_EQ(hex_text(0xffffff00), "ffffff00");
    EXPECT_EQ(hex_text(0), "0");
    EXPECT_EQ(hex_text(0x808843), "808843");
}

TEST(error_text, words_it_as_the_bsds_do) {
    EXPECT_STREQ(error_text(ENXIO), "Device not configured");
    EXPECT_STREQ(error_text(EADDRNOTAVAIL), "Can't assign requested address");
    EXPECT_STREQ(error_text(EEXIST), "File exists");
}

}  // namespace
}  // namespace model::admin
