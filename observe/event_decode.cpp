#include <sodium.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "observe/event_json.hpp"
#include "observe/words.hpp"

namespace compot::observe {

namespace {

using Json = nlohmann::json;

/// Past half the way round the Earth no place is meant.
constexpr std::int64_t kMetresMax = 20'000'000;

/// `digits` lower-case hexadecimal digits and nothing else.
Result<std::uint64_t> parse_hex(std::string_view text, std::size_t digits) {
    if (text.size() != digits) return Error::Malformed;
    std::uint64_t value = 0;
    for (const char letter : text) {
        const bool decimal = letter >= '0' && letter <= '9';
        if (!decimal && (letter < 'a' || letter > 'f')) return Error::Malformed;
        value = value << 4U | static_cast<unsigned>(decimal ? letter - '0' : letter - 'a' + 10);
    }
    return value;
}

/// Takes fields out of one JSON object. The first that is missing or impossible is remembered, and
/// what is taken after it is a default.
class Taker {
public:
    explicit Taker(const Json& json, std::string& error) : json_(json), error_(error) {
        if (!json.is_object()) fail("event", "must be an object");
    }

    template <typename T>
    T integer(const char* name) {
        const Json* field = find(name);
        if (field == nullptr) return {};
        if (field->is_number_unsigned()) {
            const auto value = field->get<std::uint64_t>();
            if (value <= static_cast<std::uint64_t>(std::numeric_limits<T>::max()))
                return static_cast<T>(value);
        } else if (field->is_number_integer()) {
            const auto value = field->get<std::int64_t>();
            if (std::numeric_limits<T>::is_signed &&
                value >= static_cast<std::int64_t>(std::numeric_limits<T>::min()))
                return static_cast<T>(value);
        }
        fail(name, "must be an integer in range");
        return {};
    }

    Duration span(const char* name) { return Duration{integer<std::int64_t>(name)}; }

    Time time(const char* name) { return Time{span(name)}; }

    bool flag(const char* name) {
        const Json* field = find(name);
        if (field != nullptr && !field->is_boolean()) fail(name, "must be true or false");
        return field != nullptr && field->is_boolean() && field->get<bool>();
    }

    std::string text(const char* name, std::size_t bytes_max = kTextBytesMax) {
        const Json* field = find(name);
        if (field == nullptr) return {};
        if (!field->is_string() || field->get_ref<const std::string&>().size() > bytes_max) {
            fail(name, "must be a string, and not too long");
            return {};
        }
        return field->get<std::string>();
    }

    std::uint64_t hex(const char* name, std::size_t digits) {
        const auto value = parse_hex(text(name), digits);
        if (!value) fail(name, "must be lower-case hexadecimal digits");
        return value ? *value : 0;
    }

    NodeId id(const char* name) {
        const auto value = parse_node_name(text(name));
        if (!value) fail(name, "must be a node id like !0000002a");
        return value ? *value : NodeId{};
    }

    learn::Cell tile(const char* name) {
        const Json* field = find(name);
        if (field == nullptr) return {};
        const auto on_grid = [](const Json& side) {
            return side.is_number_unsigned() && side.get<std::uint64_t>() < learn::kGridSide;
        };
        if (!field->is_array() || field->size() != 2 || !on_grid((*field)[0]) ||
            !on_grid((*field)[1])) {
            fail(name, "must be a tile [x, y]");
            return {};
        }
        return {(*field)[0].get<std::uint8_t>(), (*field)[1].get<std::uint8_t>()};
    }

    Place place(const char* name) {
        const Json* field = find(name);
        if (field == nullptr) return {};
        const auto metres = [](const Json& side) {
            return side.is_number_integer() && side.get<std::int64_t>() >= -kMetresMax &&
                   side.get<std::int64_t>() <= kMetresMax;
        };
        if (!field->is_array() || field->size() != 2 || !metres((*field)[0]) ||
            !metres((*field)[1])) {
            fail(name, "must be metres [x, y]");
            return {};
        }
        return {(*field)[0].get<std::int32_t>(), (*field)[1].get<std::int32_t>()};
    }

    [[nodiscard]] bool has(const char* name) const { return json_.contains(name); }

    [[nodiscard]] bool is_null(const char* name) const {
        const auto found = json_.find(name);
        return found != json_.end() && found->is_null();
    }

    /// An integer that is there only where it is known.
    template <typename T>
    void known(const char* name, std::optional<T>& value) {
        if (has(name)) value = integer<T>(name);
    }

    template <typename Enum, std::size_t Words>
    Enum one_of(const char* name, const std::array<std::string_view, Words>& words) {
        const auto found = std::find(words.begin(), words.end(), std::string_view(text(name)));
        if (found == words.end()) {
            fail(name, "is no word of the feed");
            return {};
        }
        return static_cast<Enum>(found - words.begin());
    }

    Taker inner(const char* name) {
        static const Json kNothing = Json::object();
        const Json* field = find(name);
        return Taker(field == nullptr ? kNothing : *field, error_);
    }

    /// Calls `each` with a Taker of each element.
    template <typename Each>
    void list(const char* name, std::size_t elements_max, Each each) {
        const Json* field = find(name);
        if (field == nullptr) return;
        if (!field->is_array() || field->size() > elements_max) {
            fail(name, "must be an array, and not too long");
            return;
        }
        for (const Json& element : *field) each(Taker(element, error_));
    }

    void fail(const char* name, const char* why) {
        if (error_.empty()) error_ = std::string("`") + name + "` " + why;
    }

private:
    const Json* find(const char* name) {
        const auto found = json_.find(name);
        if (found != json_.end()) return &*found;
        fail(name, "is missing");
        return nullptr;
    }

    const Json& json_;
    std::string& error_;
};

Digests take_digests(Taker take) {
    return {take.hex("policy", 16), take.hex("facts", 16), take.hex("registry", 16),
            take.hex("ledger", 16)};
}

std::vector<Neighbour> take_neighbours(Taker& take) {
    std::vector<Neighbour> all;
    take.list("neighbours", kNeighboursMax, [&all](Taker near) {
        all.push_back(
            {near.id("id"), near.integer<std::int16_t>("snr_cdb"), near.time("heard_us")});
    });
    return all;
}

Hearing take_hearing(Taker take) {
    Hearing heard;
    heard.at = take.time("t_us");
    heard.way = take.one_of<Hearing::Way>("by", kWayWords);
    heard.hops = take.integer<std::uint8_t>("hops");
    heard.live = take.flag("live");
    take.known("rssi_cdbm", heard.rssi_cdbm);
    take.known("snr_cdb", heard.snr_cdb);
    return heard;
}

NodeCard take_card(Taker take) {
    NodeCard card;
    card.id = take.id("id");
    card.name = take.text("name");
    card.role = take.text("role");
    if (take.has("alive")) card.alive = take.flag("alive");
    if (take.has("mood")) card.mood = take.one_of<Mood>("mood", kMoodWords);
    if (take.has("at")) card.at = take.tile("at");
    if (take.has("at_us")) card.at_since = take.time("at_us");
    take.known("battery_permille", card.battery_permille);
    take.known("queue", card.queue);
    if (take.has("digests")) card.digests = take_digests(take.inner("digests"));
    if (take.has("airtime_us")) card.airtime_used = take.span("airtime_us");
    if (take.has("purse")) {
        Taker purse = take.inner("purse");
        card.purse = Purse{purse.span("balance_us"), purse.span("capacity_us")};
    }
    take.known("busy_permille", card.busy_permille);
    take.known("dropped", card.frames_dropped);
    take.known("sites_left", card.sites_left);
    if (take.has("neighbours")) card.neighbours = take_neighbours(take);
    if (take.has("place_m")) card.place = take.place("place_m");
    if (take.has("energy")) {
        Taker energy = take.inner("energy");
        card.energy = {energy.integer<std::int64_t>("spent_mj"),
                       energy.integer<std::int64_t>("battery_mj")};
    }
    card.peer = take.has("heard");
    if (card.peer && !take.is_null("heard")) card.heard = take_hearing(take.inner("heard"));
    return card;
}

PolicyMap take_policy(Taker take) {
    PolicyMap map;
    map.id = take.id("id");
    const std::string best = take.text("best");
    if (best.size() != map.best.size()) {
        take.fail("best", "must have 256 letters");
        return map;
    }
    for (std::size_t i = 0; i < best.size(); ++i) {
        const std::size_t action = kActionLetters.find(best[i]);
        if (action == std::string_view::npos) {
            take.fail("best", "has a letter that is no action");
            return map;
        }
        map.best[i] = static_cast<learn::Action>(action);
    }
    return map;
}

FlightStarted take_start(Taker take) {
    FlightStarted flight;
    flight.flight = take.integer<std::uint64_t>("flight");
    flight.transmitter = take.id("tx");
    flight.from = take.id("from");
    if (take.has("to")) flight.to = take.id("to");
    flight.packet = PacketId{static_cast<std::uint32_t>(take.hex("packet", 8))};
    flight.kind = take.text("kind");
    flight.hop_limit = take.integer<std::uint8_t>("hops");
    flight.bytes = take.integer<std::uint16_t>("bytes");
    flight.airtime = take.span("air_us");
    flight.price = take.span("price_us");
    return flight;
}

FlightEnded take_end(Taker take) {
    FlightEnded flight;
    flight.flight = take.integer<std::uint64_t>("flight");
    take.list("rx", kReceptionsMax, [&flight](Taker heard) {
        flight.receptions.push_back({heard.id("id"), heard.one_of<Fate>("fate", kFateWords),
                                     heard.integer<std::int16_t>("rssi_cdbm"),
                                     heard.integer<std::int16_t>("snr_cdb")});
    });
    return flight;
}

JobStep take_job(Taker take) {
    return {static_cast<std::uint32_t>(take.hex("nonce", 8)), take.id("asker"), take.id("helper"),
            take.text("step"), take.text("text")};
}

LedgerLine take_ledger(Taker take) {
    return {take.id("holder"), take.id("author"), take.integer<std::uint16_t>("n"),
            take.text("text")};
}

Obstacle take_obstacle(Taker take) {
    return {take.integer<std::uint32_t>("id"), take.tile("at"), take.flag("present"),
            take.text("truth"), take.text("label")};
}

Photo take_photo(Taker take) {
    Photo photo;
    photo.by = take.id("by");
    photo.at = take.tile("at");
    photo.label = take.text("label");
    photo.confidence_permille = take.integer<std::uint16_t>("confidence_permille");
    photo.backend = take.text("backend");
    const std::string png = take.text("png", kPngBytesMax * 4 / 3 + 4);
    photo.png.resize(png.size());
    std::size_t bytes = 0;
    if (!png.empty() &&
        sodium_base642bin(photo.png.data(), photo.png.size(), png.data(), png.size(), nullptr,
                          &bytes, nullptr, sodium_base64_VARIANT_ORIGINAL) != 0) {
        take.fail("png", "must be base64");
    }
    photo.png.resize(bytes);
    return photo;
}

Happening take_happening(Taker& take) {
    const std::string kind = take.text("e");
    if (kind == "node") return take_card(take.inner("card"));
    if (kind == "policy") return take_policy(take);
    if (kind == "start") return take_start(take);
    if (kind == "end") return take_end(take);
    if (kind == "job") return take_job(take);
    if (kind == "ledger") return take_ledger(take);
    if (kind == "obstacle") return take_obstacle(take);
    if (kind == "site") return Site{take.tile("at"), take.flag("done")};
    if (kind == "photo") return take_photo(take);
    if (kind == "log") return LogLine{take.id("node"), take.text("text")};
    take.fail("e", "is no event of the feed");
    return LogLine{};
}

}  // namespace

Result<NodeId> parse_node_name(const std::string& text) {
    if (text.empty() || text[0] != '!') return Error::Malformed;
    const auto value = parse_hex(std::string_view(text).substr(1), 8);
    if (!value) return value.error();
    return NodeId{static_cast<std::uint32_t>(*value)};
}

Result<Event, std::string> decode(const nlohmann::json& json) {
    std::string error;
    Event event;
    Taker take(json, error);
    if (error.empty()) {
        event.at = take.time("t");
        event.what = take_happening(take);
    }
    if (!error.empty()) return error;
    return event;
}

}  // namespace compot::observe
