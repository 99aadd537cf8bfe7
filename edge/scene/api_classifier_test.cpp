#include "edge/scene/api_classifier.hpp"

#include <gtest/gtest.h>
#include <sodium.h>

#include <deque>
#include <map>
#include <nlohmann/json.hpp>

#include "edge/scene/decode.hpp"
#include "edge/scene/fallback_classifier.hpp"

namespace compot::scene {
namespace {

constexpr const char* kClear =
    R"({"choices":[{"message":{"content":"{\"label\":\"CLEAR\",\"confidence\":0.75}"}}]})";

Image grey(int width, int height) {
    return {width, height,
            std::vector<std::uint8_t>(static_cast<std::size_t>(width * height) * 3, 90)};
}

/// Answers from a list, and remembers what it was asked.
class Script final : public HttpExchange {
public:
    std::deque<Result<HttpResponse, Failure>> answers;
    std::vector<HttpRequest> asked;

    [[nodiscard]] Result<HttpResponse, Failure> post(const HttpRequest& request) override {
        asked.push_back(request);
        auto answer = answers.front();
        answers.pop_front();
        return answer;
    }
};

struct Asking : testing::Test {
    Script script;
    std::vector<Duration> pauses;
    ApiClassifier classifier{{"https://api.test/v1", "sk-secret", "some-model"},
                             script,
                             [this](Duration pause) { pauses.push_back(pause); }};
};

TEST_F(Asking, sends_the_picture_and_the_key_and_takes_the_answer) {
    script.answers = {HttpResponse{200, kClear, {}}};
    const auto scene = classifier.classify(grey(40, 30));
    ASSERT_TRUE(scene.ok()) << scene.error().sentence;
    EXPECT_EQ(scene->what, learn::TileClass::Clear);
    EXPECT_EQ(scene->confidence_permille, 750);
    EXPECT_EQ(scene->backend, "api some-model");

    const HttpRequest& request = script.asked.at(0);
    EXPECT_EQ(request.url, "https://api.test/v1/chat/completions");
    const std::map<std::string, std::string> headers(request.headers.begin(),
                                                     request.headers.end());
    EXPECT_EQ(headers.at("Authorization"), "Bearer sk-secret");
    EXPECT_EQ(request.body.find("sk-secret"), std::string::npos);
    const auto body = nlohmann::json::parse(request.body);
    EXPECT_EQ(body["model"], "some-model");
    const auto& content = body["messages"][0]["content"];
    EXPECT_EQ(content[0]["type"], "text");
    const auto uri = content[1]["image_url"]["url"].get<std::string>();
    const std::string prefix = "data:image/png;base64,";
    ASSERT_TRUE(uri.starts_with(prefix));
    std::vector<std::uint8_t> png(uri.size());
    std::size_t size = 0;
    ASSERT_EQ(sodium_base642bin(png.data(), png.size(), uri.data() + prefix.size(),
                                uri.size() - prefix.size(), nullptr, &size, nullptr,
                                sodium_base64_VARIANT_ORIGINAL),
              0);
    png.resize(size);
    const auto picture = decode(png);
    ASSERT_TRUE(picture.ok());
    EXPECT_EQ(picture->width, 30);
    EXPECT_EQ(picture->rgb[0], 90);
}

TEST_F(Asking, sends_no_more_pixels_than_a_model_looks_at) {
    script.answers = {HttpResponse{200, kClear, {}}};
    ASSERT_TRUE(classifier.classify(grey(2000, 1600)).ok());
    EXPECT_LT(script.asked.at(0).body.size(), 1'500'000U);
}

TEST_F(Asking, tries_again_later_each_time_and_then_gives_up) {
    script.answers = {HttpResponse{429, "", {}}, HttpResponse{503, "", {}},
                      HttpResponse{500, "", {}}};
    const auto scene = classifier.classify(grey(4, 4));
    EXPECT_EQ(scene.error().cause, Error::NotReady);
    EXPECT_EQ(scene.error().sentence, "the API answered with status 500");
    EXPECT_EQ(pauses, (std::vector<Duration>{500ms, 1s}));
}

TEST_F(Asking, waits_as_long_as_the_server_asks_within_reason) {
    script.answers = {HttpResponse{429, "", 3s}, HttpResponse{408, "", 1h},
                      HttpResponse{200, kClear, {}}};
    EXPECT_TRUE(classifier.classify(grey(4, 4)).ok());
    EXPECT_EQ(pauses, (std::vector<Duration>{3s, 8s}));
}

TEST_F(Asking, tries_again_when_nobody_answers) {
    script.answers = {Failure{Error::NotReady, "api.test: timeout"}, HttpResponse{200, kClear, {}}};
    EXPECT_TRUE(classifier.classify(grey(4, 4)).ok());
    EXPECT_EQ(pauses.size(), 1U);
}

TEST_F(Asking, does_not_repeat_a_question_that_was_refused_or_misanswered) {
    for (const int status : {400, 401, 404, 301, 204}) {
        script.answers = {HttpResponse{status, kClear, {}}};
        const auto scene = classifier.classify(grey(4, 4));
        ASSERT_FALSE(scene.ok());
        EXPECT_EQ(scene.error().cause, Error::Refused);
        EXPECT_EQ(scene.error().sentence.find("sk-secret"), std::string::npos);
    }
    script.answers = {HttpResponse{200, "hm", {}}};
    EXPECT_EQ(classifier.classify(grey(4, 4)).error().cause, Error::Malformed);
    EXPECT_TRUE(pauses.empty());
}

Environment variables(std::map<std::string, std::string> values) {
    return [values = std::move(values)](const char* name) -> std::optional<std::string> {
        const auto found = values.find(name);
        if (found == values.end()) return std::nullopt;
        return found->second;
    };
}

TEST(ApiConfig, is_absent_without_a_base) {
    const auto config = api_config(variables({{"COMPOTASTIC_API_KEY", "sk-secret"}}));
    ASSERT_TRUE(config.ok());
    EXPECT_FALSE(config->has_value());
}

TEST(ApiConfig, takes_base_key_and_model) {
    const auto config =
        api_config(variables({{"COMPOTASTIC_API_BASE", "http://localhost:8080/v1//"},
                              {"COMPOTASTIC_API_KEY", "sk-secret"},
                              {"COMPOTASTIC_API_MODEL", "llava"}}));
    ASSERT_TRUE(config.ok() && config->has_value());
    EXPECT_EQ((*config)->base, "http://localhost:8080/v1");
    EXPECT_EQ((*config)->key, "sk-secret");
    EXPECT_EQ((*config)->model, "llava");
}

TEST(ApiConfig, names_the_variable_that_is_wrong_and_shows_no_value) {
    for (const char* base : {"ftp://x", "localhost:8080", "http://a b", "http://a\r\nX: y"}) {
        const auto config = api_config(variables({{"COMPOTASTIC_API_BASE", base}}));
        ASSERT_FALSE(config.ok()) << base;
        EXPECT_TRUE(config.error().sentence.starts_with("COMPOTASTIC_API_BASE:"));
    }
    const auto config = api_config(variables({{"COMPOTASTIC_API_BASE", "https://api.test"},
                                              {"COMPOTASTIC_API_KEY", "sk-secret\r\nHost: evil"}}));
    ASSERT_FALSE(config.ok());
    EXPECT_TRUE(config.error().sentence.starts_with("COMPOTASTIC_API_KEY:"));
    EXPECT_EQ(config.error().sentence.find("sk-secret"), std::string::npos);
}

class Fixed final : public SceneClassifier {
public:
    explicit Fixed(Result<Scene, Failure> answer) : answer_(std::move(answer)) {}

    [[nodiscard]] Result<Scene, Failure> classify(const Image&) override { return answer_; }

private:
    Result<Scene, Failure> answer_;
};

TEST(Fallback, answers_with_the_first_backend_that_can) {
    const Scene api{learn::TileClass::Movable, 900, "api x"};
    const Scene net{learn::TileClass::Clear, 800, "int8 net"};
    std::vector<std::string> notes;
    const auto note = [&](const Failure& failure) { notes.push_back(failure.sentence); };
    FallbackClassifier both(std::make_unique<Fixed>(api), std::make_unique<Fixed>(net), note);
    EXPECT_EQ(both.classify(grey(1, 1))->backend, "api x");
    EXPECT_TRUE(notes.empty());
    FallbackClassifier fallen(std::make_unique<Fixed>(Failure{Error::NotReady, "api: timeout"}),
                              std::make_unique<Fixed>(net), note);
    EXPECT_EQ(fallen.classify(grey(1, 1))->backend, "int8 net");
    EXPECT_EQ(notes, std::vector<std::string>{"api: timeout"});
}

}  // namespace
}  // namespace compot::scene
