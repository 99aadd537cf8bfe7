#include "host/http_client.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>

#include "edge/scene/api_classifier.hpp"
#include "host/stand_in_server.hpp"

namespace compot::host {
namespace {

scene::HttpRequest question(const std::string& url, Duration timeout = 5s) {
    return {url, {{"Authorization", "Bearer sk-secret"}}, "the question", timeout};
}

TEST(HttpClient, brings_the_question_and_the_answer) {
    std::string seen;
    StandInServer server([&](const std::string& request) {
        seen = request;
        return answer_of(201, "the answer");
    });
    HttpClient client;
    const auto answer = client.post(question(server.url() + "/v1/x?y=1"));
    ASSERT_TRUE(answer.ok()) << answer.error().sentence;
    EXPECT_EQ(answer->status, 201);
    EXPECT_EQ(answer->body, "the answer");
    EXPECT_TRUE(seen.starts_with("POST /v1/x?y=1 HTTP/1.1\r\nHost: 127.0.0.1:")) << seen;
    EXPECT_NE(seen.find("Authorization: Bearer sk-secret\r\n"), std::string::npos);
    EXPECT_TRUE(seen.ends_with("\r\n\r\nthe question"));
}

TEST(HttpClient, gets_without_a_body) {
    std::string seen;
    StandInServer server([&](const std::string& request) {
        seen = request;
        return answer_of(200, "what is there");
    });
    HttpClient client;
    const auto answer = client.get(question(server.url() + "/api/jobs"));
    ASSERT_TRUE(answer.ok()) << answer.error().sentence;
    EXPECT_EQ(answer->body, "what is there");
    EXPECT_TRUE(seen.starts_with("GET /api/jobs HTTP/1.1\r\n")) << seen;
    EXPECT_TRUE(seen.ends_with("\r\n\r\n")) << seen;
}

TEST(HttpClient, tells_how_long_the_server_wants_to_be_left_alone) {
    StandInServer server(
        [](const std::string&) { return answer_of(429, "", "Retry-After: 3\r\n"); });
    StandInServer vague([](const std::string&) {
        return answer_of(429, "", "Retry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\n");
    });
    HttpClient client;
    EXPECT_EQ(client.post(question(server.url()))->retry_after, Duration{3s});
    EXPECT_FALSE(client.post(question(vague.url()))->retry_after.has_value());
}

TEST(HttpClient, reads_chunks_and_an_answer_that_ends_with_the_connection) {
    StandInServer chunked([](const std::string&) {
        return "HTTP/1.1 200 OK\r\nTransfer-Encoding: "
               "chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    });
    StandInServer open([](const std::string&) { return "HTTP/1.0 200 OK\r\n\r\nabcde"; });
    HttpClient client;
    EXPECT_EQ(client.post(question(chunked.url()))->body, "abcde");
    EXPECT_EQ(client.post(question(open.url()))->body, "abcde");
}

TEST(HttpClient, survives_hostile_answers_and_names_no_key) {
    for (const std::string& bytes :
         {std::string{}, std::string("nonsense\r\n\r\n"), std::string("HTTP/1.1 200 OK\r\n"),
          std::string("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"),
          std::string("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n"),
          std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
          "HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n"}) {
        StandInServer server([&](const std::string&) { return bytes; });
        HttpClient client;
        const auto answer = client.post(question(server.url()));
        ASSERT_FALSE(answer.ok()) << bytes.substr(0, 40);
        EXPECT_EQ(answer.error().cause, Error::NotReady);
        EXPECT_EQ(answer.error().sentence.find("sk-secret"), std::string::npos);
        EXPECT_EQ(answer.error().sentence.find('\n'), std::string::npos);
    }
}

TEST(HttpClient, refuses_an_endless_answer) {
    StandInServer server([](const std::string&) {
        return "HTTP/1.1 200 OK\r\n\r\n" + std::string(HttpClient::kAnswerMax + 1, 'x');
    });
    HttpClient client;
    EXPECT_EQ(client.post(question(server.url())).error().cause, Error::TooBig);
}

TEST(HttpClient, gives_up_at_the_deadline) {
    StandInServer server([](const std::string&) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1500));
        return answer_of(200, "late");
    });
    HttpClient client;
    const auto begin = std::chrono::steady_clock::now();
    const auto answer = client.post(question(server.url(), 200ms));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(1200));
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().cause, Error::NotReady);
}

TEST(HttpClient, says_where_nobody_listens) {
    std::string url;
    {
        StandInServer server([](const std::string&) { return std::string{}; });
        url = server.url();
    }
    HttpClient client;
    const auto answer = client.post(question(url));
    ASSERT_FALSE(answer.ok());
    EXPECT_NE(answer.error().sentence.find("127.0.0.1:"), std::string::npos);
    EXPECT_NE(answer.error().sentence.find("refused"), std::string::npos);
}

TEST(HttpClient, sends_no_header_that_would_become_two) {
    HttpClient client;
    auto request = question("http://127.0.0.1:1/");
    request.headers.emplace_back("X", "a\r\nY: b");
    EXPECT_EQ(client.post(request).error().cause, Error::Malformed);
}

TEST(HttpClient, speaks_tls_to_a_server_that_it_trusts_and_to_no_other) {
    StandInServer server([](const std::string&) { return answer_of(200, "in private"); }, true);
    HttpClient client;
    const auto stranger = client.post(question(server.url("localhost")));
    ASSERT_FALSE(stranger.ok());
    EXPECT_NE(stranger.error().sentence.find("TLS"), std::string::npos)
        << stranger.error().sentence;

    setenv("SSL_CERT_FILE", server.certificate_file().c_str(), 1);
    const auto trusted = client.post(question(server.url("localhost")));
    const auto other_name = client.post(question(server.url("127.0.0.1")));
    unsetenv("SSL_CERT_FILE");
    ASSERT_TRUE(trusted.ok()) << trusted.error().sentence;
    EXPECT_EQ(trusted->body, "in private");
    EXPECT_FALSE(other_name.ok());
}

TEST(ApiOverHttp, a_picture_is_named_by_a_model_elsewhere) {
    int asked = 0;
    StandInServer server([&](const std::string& request) {
        ++asked;
        if (asked == 1) return answer_of(503, "busy");
        const bool picture = request.find("data:image/png;base64,") != std::string::npos;
        return answer_of(200, picture ? R"({"choices":[{"message":{"content":
            "```json\n{\"label\":\"DANGEROUS\",\"confidence\":0.9}\n```"}}]})"
                                      : "{}");
    });
    HttpClient client;
    scene::ApiClassifier classifier({server.url() + "/v1", "sk-secret", "stand-in"}, client,
                                    [](Duration) {});
    const auto scene = classifier.classify({2, 2, std::vector<std::uint8_t>(12, 50)});
    EXPECT_EQ(asked, 2);
    ASSERT_TRUE(scene.ok()) << scene.error().sentence;
    EXPECT_EQ(scene->what, learn::TileClass::Dangerous);
}

}  // namespace
}  // namespace compot::host
