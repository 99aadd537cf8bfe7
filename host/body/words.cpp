#include "host/body/words.hpp"

#include <sodium.h>

#include <array>
#include <nlohmann/json.hpp>

#include "core/base/check.hpp"

namespace compot::body {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<const char*, 6> kActions{"north", "east", "south", "west", "work", "stay"};

Json cell(learn::Cell at) { return Json::array({at.x, at.y}); }

/// Takes keys out of an object; whatever is wrong is remembered as one sentence.
class Reader {
public:
    explicit Reader(std::string_view line) : json_(Json::parse(line, nullptr, false)) {
        if (!json_.is_object()) problem_ = "a line is one JSON object";
    }

    [[nodiscard]] std::int64_t number(const char* key, std::int64_t least, std::int64_t most,
                                      std::int64_t otherwise) {
        if (!problem_.empty() || !json_.contains(key)) return otherwise;
        return number(json_[key], key, least, most, otherwise);
    }

    [[nodiscard]] bool flag(const char* key) {
        if (!problem_.empty() || !json_.contains(key)) return false;
        if (!json_[key].is_boolean()) problem_ = std::string(key) + " is true or false";
        return problem_.empty() && json_[key].get<bool>();
    }

    /// Without a default it must be there.
    [[nodiscard]] learn::Cell cell(const char* key, const learn::Cell* otherwise) {
        if (!problem_.empty()) return {};
        if (!json_.contains(key)) {
            if (otherwise != nullptr) return *otherwise;
            problem_ = std::string(key) + " is missing";
            return {};
        }
        const Json& value = json_[key];
        if (!value.is_array() || value.size() != 2) {
            problem_ = std::string(key) + " is a tile, [x, y]";
            return {};
        }
        const auto coordinate = [&](std::size_t which) {
            return static_cast<std::uint8_t>(number(value[which], key, 0, learn::kGridSide - 1, 0));
        };
        return {coordinate(0), coordinate(1)};
    }

    [[nodiscard]] const std::string& problem() const { return problem_; }

    [[nodiscard]] std::string text(const char* key) const {
        if (!json_.is_object() || !json_.contains(key) || !json_[key].is_string()) return "";
        return json_[key].get<std::string>();
    }

private:
    std::int64_t number(const Json& value, const char* key, std::int64_t least, std::int64_t most,
                        std::int64_t otherwise) {
        const bool whole = value.is_number_unsigned() || value.is_number_integer();
        const bool large = value.is_number_unsigned() && value.get<std::uint64_t>() > 1'000'000;
        if (whole && !large && value.get<std::int64_t>() >= least &&
            value.get<std::int64_t>() <= most)
            return value.get<std::int64_t>();
        problem_ = std::string(key) + " is a whole number from " + std::to_string(least) + " to " +
                   std::to_string(most);
        return otherwise;
    }

    Json json_;
    std::string problem_;
};

}  // namespace

std::string to_line(const node::Sensed& sensed) {
    Json line;
    line["at"] = cell(sensed.at);
    line["fix"] = cell(sensed.fix);
    line["fix_age_s"] = sensed.fix_age_s;
    line["occupied"] = sensed.occupied_moves;
    line["battery_percent"] = sensed.battery_percent;
    line["worked"] = sensed.worked;
    line["temperature_cdeg"] = sensed.temperature_cdeg;
    return line.dump() + "\n";
}

std::string to_line(learn::Action action) {
    Json line;
    line["act"] = kActions[static_cast<std::size_t>(action)];
    return line.dump() + "\n";
}

std::string to_line(const Picture& picture) {
    constexpr int kPlain = sodium_base64_VARIANT_ORIGINAL;
    std::string letters(sodium_base64_ENCODED_LEN(picture.png.size(), kPlain), '\0');
    sodium_bin2base64(letters.data(), letters.size(), picture.png.data(), picture.png.size(),
                      kPlain);
    letters.pop_back();  // the zero at its end
    Json line;
    line["saw"] = cell(picture.of);
    line["png"] = letters;
    return line.dump() + "\n";
}

std::string look_line(learn::Action way) {
    COMPOT_CHECK(learn::is_move(way));
    Json line;
    line["look"] = kActions[static_cast<std::size_t>(way)];
    return line.dump() + "\n";
}

bool is_picture(std::string_view line) {
    const Json json = Json::parse(line, nullptr, false);
    return json.is_object() && json.contains("saw");
}

bool is_look(std::string_view line) {
    const Json json = Json::parse(line, nullptr, false);
    return json.is_object() && json.contains("look");
}

Result<Picture, std::string> parse_picture(std::string_view line) {
    Reader reader(line);
    Picture picture;
    picture.of = reader.cell("saw", nullptr);
    if (!reader.problem().empty()) return reader.problem();
    const std::string letters = reader.text("png");
    picture.png.resize(letters.size() / 4 * 3);
    std::size_t bytes = 0;
    const bool whole =
        letters.size() >= 4 &&
        sodium_base642bin(picture.png.data(), picture.png.size(), letters.data(), letters.size(),
                          nullptr, &bytes, nullptr, sodium_base64_VARIANT_ORIGINAL) == 0;
    if (!whole) return std::string("png is a picture's bytes in base64");
    picture.png.resize(bytes);
    return picture;
}

Result<learn::Action, std::string> parse_look(std::string_view line) {
    const Reader reader(line);
    if (!reader.problem().empty()) return reader.problem();
    const std::string word = reader.text("look");
    for (std::size_t i = 0; i < kActions.size(); ++i) {
        const auto way = static_cast<learn::Action>(i);
        if (word == kActions[i] && learn::is_move(way)) return way;
    }
    return std::string("look is north, east, south or west");
}

Result<node::Sensed, std::string> parse_sensed(std::string_view line) {
    Reader reader(line);
    node::Sensed sensed;
    sensed.at = reader.cell("at", nullptr);
    sensed.fix = reader.cell("fix", &sensed.at);
    sensed.fix_age_s = static_cast<std::uint16_t>(reader.number("fix_age_s", 0, 0xFFFF, 0));
    sensed.occupied_moves = static_cast<std::uint8_t>(reader.number("occupied", 0, 15, 0));
    sensed.battery_percent =
        static_cast<std::uint8_t>(reader.number("battery_percent", 0, 100, 100));
    sensed.worked = reader.flag("worked");
    sensed.temperature_cdeg =
        static_cast<std::int16_t>(reader.number("temperature_cdeg", -20'000, 20'000, 0));
    if (!reader.problem().empty()) return reader.problem();
    return sensed;
}

Result<learn::Action, std::string> parse_action(std::string_view line) {
    const Reader reader(line);
    if (!reader.problem().empty()) return reader.problem();
    const std::string word = reader.text("act");
    for (std::size_t i = 0; i < kActions.size(); ++i)
        if (word == kActions[i]) return static_cast<learn::Action>(i);
    return std::string("act is north, east, south, west, work or stay");
}

}  // namespace compot::body
