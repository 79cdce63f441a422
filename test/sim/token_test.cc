#include <gtest/gtest.h>

#include "sim/explore/token.h"

namespace sim::test {

namespace {

TEST(Token, RoundTrip) {
    token t{"forward.race",
            "late_wait",
            {{"net0", "if_output", 3, false, 0, "adm"}, {"adm", "operator()", 1, true, 2, ""}},
            {"h2.17~8", "x"}};
    std::string text = print_token(t);
    EXPECT_EQ(text,
              "h1/forward.race/late_wait/net0:if_output:3:adm+adm:operator%28%29:1:=2/h2.17~8,x");
    token back;
    std::string error;
    ASSERT_TRUE(parse_token(text, back, error)) << error;
    EXPECT_EQ(back, t);
}

TEST(Token, NamesTheOperationAsAWitness) {
    token t{"prog", "program", {{"t1", "f", 3, false, 0, "t2", "lock", 0xa3, 2}}, {}};
    EXPECT_EQ(print_token(t), "h1/prog/program/t1:f:3.lock~00a3.2:t2");
    token back;
    std::string error;
    ASSERT_TRUE(parse_token(print_token(t), back, error)) << error;
    EXPECT_EQ(back, t);
}

TEST(Token, SeparatorsInTheNameOfAnOperation) {
    sim::token t;
    t.subject = t.variant = "p";
    sim::deviation d;
    d.context = "a.b~c";
    d.function = "f~.";
    d.next = "~";
    d.kind = "a.b~c";
    d.nth = 1;
    t.deviations.push_back(d);
    EXPECT_EQ(print_token(t), "h1/p/p/a.b~c:f~.:1.a%2Eb%7Ec~0000.1:~");
    sim::token back;
    std::string error;
    ASSERT_TRUE(parse_token(print_token(t), back, error)) << error;
    EXPECT_TRUE(back == t);
}

TEST(Token, WithoutDeviations) {
    token t{"prog", "program", {}, {}};
    EXPECT_EQ(print_token(t), "h1/prog/program/-");
    token back;
    std::string error;
    ASSERT_TRUE(parse_token("h1/prog/program/-", back, error));
    EXPECT_EQ(back, t);
}

struct bad_token {
    const char* text;
    const char* error;
};

class BadToken : public testing::TestWithParam<bad_token> {};

TEST_P(BadToken, IsRefused) {
    token t;
    std::string error;
    EXPECT_FALSE(parse_token(GetParam().text, t, error));
    EXPECT_EQ(error, GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(
    All, BadToken,
    testing::Values(
        bad_token{"",
                  "token: expected h1/SUBJECT/VARIANT/CHOICES[/LOCATIONS], as heddle prints it"},
        bad_token{"h1/a/b",
                  "token: expected h1/SUBJECT/VARIANT/CHOICES[/LOCATIONS], as heddle prints it"},
        bad_token{"h2/a/b/-", "token: version h2 is not known here; this is a heddle for h1"},
        bad_token{"h1/a b/c/-", "token: a character in the subject or variant must be written %XX"},
        bad_token{"h1/a/b/x", "token: \"x\" is not CONTEXT:FUNCTION:N:NEXT"},
        bad_token{"h1/a/b/x:f:0:y", "token: \"0\" in \"x:f:0:y\" is not a number from 1"},
        bad_token{"h1/a/b/x:f:q:y", "token: \"q\" in \"x:f:q:y\" is not a number from 1"},
        bad_token{"h1/a/b/x:f:1.lock:y",
                  "token: \"1.lock\" in \"x:f:1.lock:y\" is not a number from "
                  "1, .KIND~OBJECT.M behind it"},
        bad_token{"h1/a/b/x:f:1.lock~zzzz.1:y",
                  "token: \"1.lock~zzzz.1\" in \"x:f:1.lock~zzzz.1:y\" is not a number from 1, "
                  ".KIND~OBJECT.M behind it"},
        bad_token{"h1/a/b/x:f:1:", "token: \"\" in \"x:f:1:\" is neither a context nor =N"},
        bad_token{"h1/a/b/x:f:1:=z", "token: \"=z\" in \"x:f:1:=z\" is neither a context nor =N"},
        bad_token{"h1/a/b/x:f%4:1:y", "token: a character in \"x:f%4:1:y\" must be written %XX"}));

}  // namespace

}  // namespace sim::test
