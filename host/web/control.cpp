#include "host/web/control.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "observe/event_json.hpp"

namespace compot::web {

namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, kEveryDo.size()> kWords{
    "pause", "run",    "step", "step_packet", "speed", "reset",
    "drop",  "revive", "put",  "remove",      "seek",  "cancel"};

Json parse(std::string_view text) {
    // More than any control needs; keeps a hostile one from costing much.
    if (text.size() > 4096) return Json(Json::value_t::discarded);
    return Json::parse(text, nullptr, false);
}

std::string read_speed(const Json& json, Control& control) {
    const auto value = json.find("value");
    if (value == json.end() || !value->is_number()) return "`value` must be a number";
    control.speed = value->get<double>();
    if (!(control.speed >= 0 && control.speed <= kSpeedMax)) return "`value` must be 0..10000";
    return "";
}

std::string read_seed(const Json& json, Control& control) {
    const auto seed = json.find("seed");
    if (seed == json.end() || seed->is_null()) return "";
    if (!seed->is_number_unsigned()) return "`seed` must be a whole number, not negative";
    control.seed = seed->get<std::uint64_t>();
    return "";
}

std::string read_node(const Json& json, Control& control) {
    const auto node = json.find("node");
    if (node == json.end() || !node->is_string()) return "`node` must be a node id like !0000002a";
    const auto id = observe::parse_node_name(node->get<std::string>());
    if (!id) return "`node` must be a node id like !0000002a";
    control.node = *id;
    return "";
}

std::string read_tile(const Json& json, Control& control) {
    const auto at = json.find("at");
    const auto on_grid = [](const Json& side) {
        return side.is_number_unsigned() && side.get<std::uint64_t>() < learn::kGridSide;
    };
    if (at == json.end() || !at->is_array() || at->size() != 2 || !on_grid((*at)[0]) ||
        !on_grid((*at)[1]))
        return "`at` must be a tile [x, y], both 0..15";
    control.at = {(*at)[0].get<std::uint8_t>(), (*at)[1].get<std::uint8_t>()};
    return "";
}

std::string read_obstacle(const Json& json, Control& control) {
    const auto what = json.find("what");
    for (const auto kind :
         {learn::TileClass::Movable, learn::TileClass::Immovable, learn::TileClass::Dangerous}) {
        if (what != json.end() && *what == learn::to_string(kind)) {
            control.tile = kind;
            return read_tile(json, control);
        }
    }
    return "`what` must be MOVABLE, IMMOVABLE or DANGEROUS";
}

std::string read_time(const Json& json, Control& control) {
    const auto to = json.find("t_us");
    if (to == json.end() || !to->is_number_unsigned() ||
        to->get<std::uint64_t>() > static_cast<std::uint64_t>(to_us(kNever)))
        return "`t_us` must be a time in microseconds";
    control.to = Time{Duration{to->get<std::int64_t>()}};
    return "";
}

std::string read_nonce(const Json& json, Control& control) {
    const auto nonce = json.find("nonce");
    const auto number = nonce != json.end() && nonce->is_string()
                            ? parse_nonce(nonce->get_ref<const std::string&>())
                            : std::nullopt;
    if (!number) return "`nonce` must be a job's name, 8 hexadecimal digits";
    control.nonce = *number;
    return "";
}

std::string read_rest(const Json& json, Control& control) {
    switch (control.what) {
        case Control::Do::Speed: return read_speed(json, control);
        case Control::Do::Reset: return read_seed(json, control);
        case Control::Do::Drop:
        case Control::Do::Revive: return read_node(json, control);
        case Control::Do::Put: return read_obstacle(json, control);
        case Control::Do::Remove: return read_tile(json, control);
        case Control::Do::Seek: return read_time(json, control);
        case Control::Do::Cancel: return read_nonce(json, control);
        case Control::Do::Pause:
        case Control::Do::Run:
        case Control::Do::Step:
        case Control::Do::StepPacket: break;
    }
    return "";
}

}  // namespace

std::string_view word(Control::Do what) { return kWords[static_cast<std::size_t>(what)]; }

std::optional<std::uint32_t> parse_nonce(std::string_view text) {
    std::uint32_t nonce = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), nonce, 16);
    if (text.size() != 8 || problem != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return nonce;
}

Result<Control, std::string> parse_control(std::string_view text) {
    const Json json = parse(text);
    if (!json.is_object()) return std::string("a control must be a JSON object");
    const auto what = json.find("do");
    if (what == json.end() || !what->is_string()) return std::string("`do` is missing");
    const auto found = std::find(kWords.begin(), kWords.end(), what->get<std::string>());
    if (found == kWords.end()) return std::string("`do` is no control");
    Control control;
    control.what = static_cast<Control::Do>(found - kWords.begin());
    const std::string problem = read_rest(json, control);
    if (!problem.empty()) return problem;
    return control;
}

std::string control_word(std::string_view text) {
    const Json json = parse(text);
    if (!json.is_object()) return "";
    const auto what = json.find("do");
    return what != json.end() && what->is_string() ? what->get<std::string>() : "";
}

}  // namespace compot::web
