#include "edge/scene/api_answer.hpp"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace compot::scene {

namespace {

using nlohmann::json;

constexpr std::size_t kTextMax = 8192;

Failure unclear(const std::string& why) {
    return {Error::Malformed, "the API's answer is not clear: " + why};
}

/// The end of the object that starts at `begin`, by braces outside of strings.
std::optional<std::size_t> end_of_object(std::string_view text, std::size_t begin) {
    std::size_t depth = 0;
    bool in_string = false;
    for (std::size_t at = begin; at < text.size(); ++at) {
        const char letter = text[at];
        if (in_string) {
            if (letter == '\\') ++at;
            if (letter == '"') in_string = false;
        } else if (letter == '"') {
            in_string = true;
        } else if (letter == '{') {
            ++depth;
        } else if (letter == '}' && --depth == 0) {
            return at + 1;
        }
    }
    return std::nullopt;
}

std::optional<learn::TileClass> class_named(std::string name) {
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
    for (std::size_t i = 0; i < learn::kTileClasses; ++i) {
        if (name == to_string(static_cast<learn::TileClass>(i))) {
            return static_cast<learn::TileClass>(i);
        }
    }
    return std::nullopt;
}

Result<ApiAnswer, Failure> answer_of(const json& object) {
    const auto label = object.find("label");
    if (!label->is_string()) return unclear("its label is no string");
    const auto what = class_named(label->get<std::string>());
    if (!what) return unclear("its label is none of the four");
    const auto confidence = object.find("confidence");
    if (confidence == object.end() || !confidence->is_number()) return unclear("no confidence");
    const auto share = confidence->get<double>();
    if (!(share >= 0.0 && share <= 1.0)) return unclear("its confidence is not between 0 and 1");
    return ApiAnswer{*what, static_cast<std::uint16_t>(share * 1000 + 0.5)};
}

/// The one answer in a text that may hold anything around it.
Result<ApiAnswer, Failure> read_text(std::string_view text) {
    if (text.size() > kTextMax) return unclear("it is too long");
    std::optional<ApiAnswer> found;
    std::size_t at = 0;
    while ((at = text.find('{', at)) != std::string_view::npos) {
        const auto end = end_of_object(text, at);
        const json object = end ? json::parse(text.substr(at, *end - at), nullptr, false)
                                : json(json::value_t::discarded);
        if (!object.is_object()) {
            ++at;
            continue;
        }
        at = *end;
        if (!object.contains("label")) continue;
        const auto answer = answer_of(object);
        if (!answer) return answer.error();
        if (found && found->what != answer->what) return unclear("it names two classes");
        found = *answer;
    }
    if (!found) return unclear("there is no JSON object with a label in it");
    return *found;
}

/// A message's text: a string, or the text parts of a list.
std::optional<std::string> text_of(const json& content) {
    if (content.is_string()) return content.get<std::string>();
    if (!content.is_array()) return std::nullopt;
    std::string text;
    for (const json& part : content) {
        if (!part.is_object()) return std::nullopt;
        const auto piece = part.find("text");
        if (piece != part.end() && piece->is_string()) text += piece->get<std::string>();
    }
    return text;
}

}  // namespace

Result<ApiAnswer, Failure> read_completion(std::string_view body) {
    const json answer = json::parse(body, nullptr, false);
    if (!answer.is_object()) return unclear("it is no JSON object");
    const auto choices = answer.find("choices");
    if (choices == answer.end() || !choices->is_array() || choices->size() != 1 ||
        !choices->front().is_object()) {
        return unclear("there is not one choice");
    }
    const json& choice = choices->front();
    const auto finish = choice.find("finish_reason");
    if (finish != choice.end() && finish->is_string() && *finish != "stop") {
        return unclear("it was cut off");
    }
    const auto message = choice.find("message");
    if (message == choice.end() || !message->is_object() || !message->contains("content")) {
        return unclear("there is no message");
    }
    const auto text = text_of((*message)["content"]);
    if (!text) return unclear("its message has no text");
    return read_text(*text);
}

}  // namespace compot::scene
