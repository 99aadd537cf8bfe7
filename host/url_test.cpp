#include <gtest/gtest.h>

#include "host/http_client.hpp"

namespace compot::host {
namespace {

struct Case {
    const char* text;
    bool tls;
    const char* host;
    const char* port;
    const char* target;
    const char* authority;
};

TEST(Url, is_taken_apart) {
    for (const Case& url : std::initializer_list<Case>{
             {"https://api.test/v1/chat", true, "api.test", "443", "/v1/chat", "api.test"},
             {"http://api.test", false, "api.test", "80", "/", "api.test"},
             {"http://api.test?x=1#y", false, "api.test", "80", "/?x=1", "api.test"},
             {"http://localhost:8080/a:b", false, "localhost", "8080", "/a:b", "localhost:8080"},
             {"https://[::1]:8443/a", true, "::1", "8443", "/a", "[::1]:8443"},
             {"http://[fe80::1]", false, "fe80::1", "80", "/", "[fe80::1]"}}) {
        const auto parsed = parse_url(url.text);
        ASSERT_TRUE(parsed.ok()) << url.text << ": " << parsed.error().sentence;
        EXPECT_EQ(parsed->tls, url.tls);
        EXPECT_EQ(parsed->host, url.host);
        EXPECT_EQ(parsed->port, url.port);
        EXPECT_EQ(parsed->target, url.target);
        EXPECT_EQ(parsed->authority(), url.authority);
    }
}

TEST(Url, is_refused_when_it_is_none) {
    for (const char* text :
         {"", "api.test", "ftp://api.test", "http://", "http:///path", "http://:80",
          "http://a:", "http://a:b", "http://a:0", "http://a:65536", "http://a:123456",
          "http://a:-1", "http://[::1", "http://[]", "http://[::1]x", "http://user:pass@a/",
          "http://a b", "http://a/\r\nHost: b"}) {
        EXPECT_FALSE(parse_url(text).ok()) << text;
    }
}

}  // namespace
}  // namespace compot::host
