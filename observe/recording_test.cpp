#include "observe/recording.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "core/base/random.hpp"
#include "observe/event_json.hpp"
#include "observe/memory_bytes.hpp"
#include "observe/packing.hpp"
#include "observe/scripted_story.hpp"

namespace compot::observe {
namespace {

std::string slurp(const char* path) {
    std::ifstream file(path, std::ios::binary);
    EXPECT_TRUE(file) << path << " (run from the repository's root)";
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string record(const std::vector<Event>& events) {
    MemoryBytes memory;
    Recorder recorder(memory, {"scripted", 7, "", 25, Source::Live, {}});
    for (const Event& event : events) tell(recorder, event);
    recorder.finish(kStoryEnd, "resumed", "helped by Compot");
    return memory.text;
}

std::vector<Event> story() {
    const std::string png = slurp("tests/data/sample_photo.png");
    return scripted_story({png.begin(), png.end()});
}

/// The story's first second: short enough to be cut and hurt in every place.
std::string short_record() {
    auto events = scripted_story({});
    while (events.back().at > Time{1s}) events.pop_back();
    return record(events);
}

/// Why it can't be replayed, or where that ends before the run did.
std::string error_of(const std::string& text) {
    const auto read = read_recording(text);
    if (!read) return read.error();
    return read->state == Recording::State::Whole ? "" : read->reason;
}

/// `text` with the first `from` replaced.
std::string with(std::string text, const std::string& from, const std::string& to) {
    const std::size_t place = text.find(from);
    EXPECT_NE(place, std::string::npos) << from;
    return text.replace(place, from.size(), to);
}

TEST(Recording, reads_back_what_was_told) {
    const auto told = story();
    const std::string text = record(told);
    const auto read = read_recording(text);
    ASSERT_TRUE(read) << read.error();
    ASSERT_EQ(read->events.size(), told.size());
    for (std::size_t i = 0; i < told.size(); ++i)
        EXPECT_EQ(encode(read->events[i]), encode(told[i]));
    EXPECT_EQ(read->outcome, "resumed");
    EXPECT_EQ(read->reason, "helped by Compot");
    EXPECT_EQ(read->world.seed, 7U);
    EXPECT_EQ(read->world.until, kStoryEnd);
    EXPECT_EQ(record(read->events), text);
}

TEST(Recording, keeps_place_energy_and_addressee_where_they_are_known) {
    NodeCard card;
    card.id = NodeId{5};
    card.place = Place{-1200, 34'000};
    card.energy = Energy{17, 13'000'000};
    FlightStarted flight;
    flight.transmitter = flight.from = card.id;
    flight.to = NodeId{6};
    const auto read = read_recording(record({{Time{}, card}, {Time{}, flight}}));
    ASSERT_TRUE(read) << read.error();
    const auto& seen = std::get<NodeCard>(read->events.at(0).what);
    ASSERT_TRUE(seen.place && seen.energy);
    EXPECT_EQ(seen.place->x_m, -1200);
    EXPECT_EQ(seen.place->y_m, 34'000);
    EXPECT_EQ(seen.energy->spent_mj, 17);
    EXPECT_EQ(seen.energy->battery_mj, 13'000'000);
    EXPECT_EQ(std::get<FlightStarted>(read->events.at(1).what).to, NodeId{6});
    EXPECT_EQ(error_of(with(record({{Time{}, card}}), "[-1200,", "[-120000000,")),
              "line 2: event 1: `place_m` must be metres [x, y]");
}

TEST(Recording, what_is_not_known_of_a_node_stays_unknown) {
    NodeCard silent;
    silent.id = NodeId{5};
    silent.name = "gamma";
    silent.peer = true;
    NodeCard heard = silent;
    heard.mood = Mood::Blocked;
    heard.at = learn::Cell{3, 4};
    heard.at_since = Time{7s};
    heard.heard = Hearing{Time{9s}, Hearing::Way::Radio, 2, -9050, -125, true};
    NodeCard relayed = silent;
    relayed.heard = Hearing{Time{9s}, Hearing::Way::Mqtt, 1, {}, {}, false};
    const std::string text = record({{Time{}, silent}, {Time{}, heard}, {Time{}, relayed}});
    EXPECT_EQ(text.find("battery"), std::string::npos);
    EXPECT_EQ(text.find("alive"), std::string::npos);
    EXPECT_NE(text.find("\"heard\":null"), std::string::npos);
    const auto read = read_recording(text);
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(record(read->events), text);
    const auto& first = std::get<NodeCard>(read->events.at(0).what);
    EXPECT_TRUE(first.peer);
    EXPECT_FALSE(first.heard || first.at || first.battery_permille || first.mood || first.alive);
    const auto& second = std::get<NodeCard>(read->events.at(1).what);
    ASSERT_TRUE(second.heard && second.at_since);
    EXPECT_EQ(second.heard->rssi_cdbm, -9050);
    EXPECT_EQ(second.heard->snr_cdb, -125);
    EXPECT_EQ(second.heard->hops, 2);
    EXPECT_TRUE(second.heard->live);
    EXPECT_EQ(*second.at_since, Time{7s});
    const auto& third = std::get<NodeCard>(read->events.at(2).what);
    ASSERT_TRUE(third.heard);
    EXPECT_EQ(third.heard->way, Hearing::Way::Mqtt);
    EXPECT_FALSE(third.heard->snr_cdb);
    EXPECT_EQ(error_of(with(text, "\"by\":\"mqtt\"", "\"by\":\"bird\"")),
              "line 2: event 3: `by` is no word of the feed");
}

TEST(Recording, the_sample_in_tests_data_is_what_the_script_tells) {
    const char* path = "tests/data/sample_feed.ndjson";
    if (std::getenv("COMPOT_UPDATE_SAMPLES") != nullptr)
        std::ofstream(path, std::ios::binary) << record(story());
    EXPECT_TRUE(slurp(path) == record(story()))
        << path << " is old: run test_observe once with COMPOT_UPDATE_SAMPLES=1";
}

TEST(Recording, cut_anywhere_it_gives_what_came_before_and_says_so) {
    const std::string text = short_record();
    const auto whole = read_recording(text);
    ASSERT_TRUE(whole);
    const std::size_t hello = text.find('\n');
    std::size_t most = 0;
    for (std::size_t size = 0; size + 1 < text.size(); ++size) {
        const auto read = read_recording(text.substr(0, size));
        ASSERT_EQ(read.ok(), size >= hello) << size;
        if (!read) continue;
        EXPECT_EQ(read->state, Recording::State::CutOff) << size;
        EXPECT_EQ(read->outcome, "cut off");
        EXPECT_EQ(read->reason.rfind("line ", 0), 0U) << read->reason;
        EXPECT_EQ(read->reason.find('\n'), std::string::npos);
        ASSERT_GE(read->events.size(), most);
        most = read->events.size();
        if (most > 0) {
            EXPECT_EQ(read->world.until, read->events.back().at);
            EXPECT_EQ(encode(read->events.back()), encode(whole->events[most - 1]));
        }
    }
    EXPECT_EQ(most, whole->events.size()) << "without the end line every event is there";
    EXPECT_EQ(error_of(text.substr(0, text.size() - 1)), "") << "only the last newline is missing";
}

TEST(Recording, reads_packed_as_plain_whole_or_cut) {
    const std::string text = record(story());
    MemoryBytes memory;
    Packer packer(memory);
    Recorder recorder(packer, {"scripted", 7, "", 25, Source::Live, {}});
    for (const Event& event : story()) tell(recorder, event);
    recorder.finish(kStoryEnd, "resumed", "helped by Compot");
    ASSERT_TRUE(packer.finish());
    EXPECT_LT(memory.text.size() * 2, text.size());
    const auto read = read_recording(memory.text);
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(read->state, Recording::State::Whole);
    EXPECT_TRUE(record(read->events) == text);
    const auto cut = read_recording(memory.text.substr(0, memory.text.size() - 1));
    ASSERT_TRUE(cut) << cut.error();
    EXPECT_EQ(cut->state, Recording::State::Whole) << "only the checksum is missing";
    const auto half = read_recording(memory.text.substr(0, memory.text.size() / 2));
    ASSERT_TRUE(half) << half.error();
    EXPECT_EQ(half->state, Recording::State::CutOff);
}

TEST(Recording, a_damaged_line_ends_it_there) {
    const std::string text = short_record();
    const auto read = read_recording(with(text, "\"base\":1,", "\"base\":0,"));
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(read->state, Recording::State::Damaged);
    EXPECT_EQ(read->outcome, "damaged");
    EXPECT_FALSE(read->events.empty());
}

TEST(Recording, names_the_line_the_event_and_the_field) {
    const std::string text = short_record();
    EXPECT_EQ(error_of(with(text, "\"truth\":\"MOVABLE\"", "\"truth\":5")),
              "line 2: event 1: `truth` must be a string, and not too long");
    EXPECT_EQ(error_of(with(text, "[7,8]", "[7,16]")),
              "line 2: event 1: `at` must be a tile [x, y]");
    EXPECT_EQ(error_of(with(text, "\"mood\":\"working\"", "\"mood\":\"happy\"")),
              "line 2: event 10: `mood` is no word of the feed");
    EXPECT_EQ(error_of(with(text, "\"base\":1,", "\"base\":0,").c_str()),
              "line 3: `base` and `seq` must be 1 and 2: a line is missing");
    EXPECT_EQ(error_of(""), "not a recording: it is empty");
    EXPECT_EQ(error_of("hello\n"),
              "not a recording that can be read: line 1: not a JSON object (cut off?)");
    EXPECT_EQ(error_of("{}\n"),
              "not a recording that can be read: line 1: a recording begins with a hello object");
    EXPECT_EQ(
        error_of(with(text, "\"version\":1", "\"version\":2")),
        "not a recording that can be read: line 1: it is of version 2, and this program reads "
        "version 1");
    EXPECT_NE(error_of(text + text), "");
}

TEST(Recording, survives_any_flipped_byte) {
    const std::string text = short_record();
    Random random(1);
    for (int round = 0; round < 300; ++round) {
        std::string hurt = text;
        hurt[random.below(static_cast<std::uint32_t>(text.size()))] ^=
            static_cast<char>(1 + random.below(255));
        static_cast<void>(read_recording(hurt));
    }
}

TEST(Recording, stops_at_a_full_disk_and_says_so) {
    MemoryBytes memory;
    memory.room = 1000;
    Recorder recorder(memory, {});
    for (const Event& event : scripted_story({})) tell(recorder, event);
    recorder.finish(kStoryEnd, "", "");
    EXPECT_TRUE(recorder.failed());
    EXPECT_LE(memory.text.size(), 1000U);
}

}  // namespace
}  // namespace compot::observe
