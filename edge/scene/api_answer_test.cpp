#include "edge/scene/api_answer.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace compot::scene {
namespace {

std::string completion(const std::string& content) {
    return nlohmann::json{
        {"choices",
         {{{"finish_reason", "stop"}, {"message", {{"role", "assistant"}, {"content", content}}}}}}}
        .dump();
}

TEST(ApiAnswer, is_read_from_a_plain_object) {
    const auto answer =
        read_completion(completion(R"({"label": "DANGEROUS", "confidence": 0.934})"));
    ASSERT_TRUE(answer.ok()) << answer.error().sentence;
    EXPECT_EQ(answer->what, learn::TileClass::Dangerous);
    EXPECT_EQ(answer->confidence_permille, 934);
}

TEST(ApiAnswer, is_found_among_words_and_fences) {
    for (const char* content :
         {"```json\n{\"label\":\"movable\",\"confidence\":1}\n```",
          "I see {a crate}. So: {\"confidence\": 1.0, \"label\": \"MOVABLE\"} I hope that helps!",
          "{\"label\":\"MOVABLE\",\"confidence\":1,\"why\":\"a } brace and a \\\" quote\"}",
          "{\"label\":\"MOVABLE\",\"confidence\":0.2}\n{\"label\":\"MOVABLE\",\"confidence\":1}",
          "{ {\"label\":\"MOVABLE\",\"confidence\":1}"}) {
        const auto answer = read_completion(completion(content));
        ASSERT_TRUE(answer.ok()) << content << ": " << answer.error().sentence;
        EXPECT_EQ(answer->what, learn::TileClass::Movable);
        EXPECT_EQ(answer->confidence_permille, 1000);
    }
}

TEST(ApiAnswer, is_found_in_a_list_of_parts) {
    const char* body =
        R"({"choices":[{"message":{"content":[{"type":"text","text":"{\"label\":\"CLEAR\","},
            {"type":"text","text":"\"confidence\":0.5}"}]}}]})";
    const auto answer = read_completion(body);
    ASSERT_TRUE(answer.ok()) << answer.error().sentence;
    EXPECT_EQ(answer->what, learn::TileClass::Clear);
}

TEST(ApiAnswer, is_never_guessed_from_what_is_not_clear) {
    for (const char* content :
         {"", "CLEAR", "It is clear to me that this is movable.", "{\"label\":\"CLEAR\"}",
          "{\"label\":\"SAFE\",\"confidence\":1}", "{\"label\":3,\"confidence\":1}",
          "{\"label\":null,\"confidence\":1}", "{\"label\":[\"CLEAR\"],\"confidence\":1}",
          "{\"label\":\"CLEAR or MOVABLE\",\"confidence\":1}",
          "{\"label\":\"CLEAR\",\"confidence\":\"high\"}",
          "{\"label\":\"CLEAR\",\"confidence\":95}", "{\"label\":\"CLEAR\",\"confidence\":-0.1}",
          "{\"label\":\"CLEAR\",\"confidence\":1e999}", "{\"label\":\"CLEAR\",\"confidence\":NaN}",
          "{\"label\":\"CLEAR\",\"confidence\":1",
          "{\"label\":\"CLEAR\",\"confidence\":1} wait, {\"label\":\"DANGEROUS\",\"confidence\":1}",
          "{\"label\":\"CLEAR\",\"confidence\":1} or {\"label\":\"?\",\"confidence\":1}",
          "{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{",
          "{\"answer\":{\"label\":\"CLEAR\",\"confidence\":1}}"}) {
        const auto answer = read_completion(completion(content));
        ASSERT_FALSE(answer.ok()) << content;
        EXPECT_EQ(answer.error().cause, Error::Malformed);
        EXPECT_EQ(answer.error().sentence.find('\n'), std::string::npos);
    }
    EXPECT_FALSE(read_completion(completion(std::string(10'000, '{'))).ok());
}

TEST(ApiAnswer, is_refused_when_the_completion_is_not_whole) {
    for (const char* body :
         {"", "null", "[]", "{}", "<html>502</html>", R"({"choices":[]})", R"({"choices":[1]})",
          R"({"choices":[{}]})", R"({"choices":[{"message":{"content":null}}]})",
          R"({"choices":[{"message":{"content":[1]}}]})", R"({"choices":{"message":1}})",
          R"({"choices":[{"finish_reason":"length",
              "message":{"content":"{\"label\":\"CLEAR\",\"confidence\":1}"}}]})",
          R"({"choices":[{"message":{"content":"{\"label\":\"CLEAR\",\"confidence\":1}"}},
                         {"message":{"content":"{\"label\":\"CLEAR\",\"confidence\":1}"}}]})"}) {
        EXPECT_FALSE(read_completion(body).ok()) << body;
    }
    const std::string deep(200'000, '[');
    EXPECT_FALSE(read_completion(deep).ok());
}

}  // namespace
}  // namespace compot::scene
