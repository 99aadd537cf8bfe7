#include "observe/recording.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "observe/event_json.hpp"
#include "observe/packing.hpp"

namespace compot::observe {

namespace {

using Json = nlohmann::json;

/// Events that lie this close are one line.
constexpr Duration kBatch = 100ms;
constexpr std::size_t kLineBytesMax = 16'000'000;
constexpr std::size_t kTextBytesUnpackedMax = 1'000'000'000;

/// A non-negative integer field, or nothing.
std::optional<std::uint64_t> number(const Json& json, const char* name) {
    const auto found = json.find(name);
    if (found == json.end() || !found->is_number_unsigned()) return std::nullopt;
    return found->get<std::uint64_t>();
}

std::optional<std::string> text(const Json& json, const char* name) {
    const auto found = json.find(name);
    if (found == json.end() || !found->is_string()) return std::nullopt;
    const auto& value = found->get_ref<const std::string&>();
    if (value.size() > kTextBytesMax) return std::nullopt;
    return value;
}

std::optional<Time> time(const Json& json, const char* name) {
    const auto value = number(json, name);
    if (!value || *value > static_cast<std::uint64_t>(to_us(kNever))) return std::nullopt;
    return Time{Duration{static_cast<std::int64_t>(*value)}};
}

}  // namespace

Recorder::Recorder(ByteSink& out, const World& world) : out_(out) {
    std::string more;
    if (!world.preset.empty()) more += ",\"preset\":" + quoted(world.preset);
    if (world.purse_share_permille != 0)
        more += fmt::format(R"(,"purse_share_permille":{})", world.purse_share_permille);
    write(fmt::format(
        R"({{"type":"hello","version":1,"seq":0,"t":0,"scenario":{},"seed":{},"cell_m":{}{}}})",
        quoted(world.scenario), world.seed, world.cell_m, more));
}

void Recorder::event(Event event) {
    if (!batch_.empty() && event.at >= batch_began_ + kBatch) flush();
    if (batch_.empty()) {
        batch_began_ = event.at;
    } else {
        batch_.push_back(',');
    }
    batch_ += encode(event);
    batch_ended_ = event.at;
}

void Recorder::finish(Time at, const std::string& outcome, const std::string& reason) {
    flush();
    write(fmt::format(R"({{"type":"end","seq":{},"t":{},"outcome":{},"reason":{}}})", seq_,
                      to_us(at), quoted(outcome), quoted(reason)));
}

void Recorder::flush() {
    if (batch_.empty()) return;
    write(fmt::format(R"({{"type":"delta","seq":{},"base":{},"t":{},"events":[{}]}})", seq_ + 1,
                      seq_, to_us(batch_ended_), batch_));
    ++seq_;
    batch_.clear();
}

void Recorder::write(std::string_view line) {
    if (failed_) return;
    failed_ = !out_.write(std::string(line) + "\n");
}

Result<void, std::string> RecordingReader::line(std::string_view line) {
    ++lines_;
    const std::size_t before = recording_.events.size();
    const Time last = last_;
    const std::string problem = read(line);
    if (problem.empty()) return {};
    recording_.events.resize(before);
    last_ = last;
    return fmt::format("line {}: {}", lines_, problem);
}

void RecordingReader::stop(Recording::State state, const std::string& why) {
    if (recording_.state != Recording::State::Whole) return;
    recording_.state = state;
    recording_.reason = why;
}

Result<Recording, std::string> RecordingReader::finish() && {
    if (!greeted_) return std::string("not a recording: it is empty");
    if (!ended_) {
        stop(Recording::State::CutOff,
             fmt::format("line {}: the recording is cut off here: no end line follows", lines_));
    }
    if (recording_.state == Recording::State::Whole) return std::move(recording_);
    recording_.world.until = last_;
    recording_.outcome = recording_.state == Recording::State::CutOff ? "cut off" : "damaged";
    return std::move(recording_);
}

std::string RecordingReader::read(std::string_view line) {
    if (ended_) return "nothing may follow the end line";
    if (line.size() > kLineBytesMax) return "longer than 16 MB";
    const Json json = Json::parse(line, nullptr, false);
    if (json.is_discarded() || !json.is_object()) return "not a JSON object (cut off?)";
    const auto type = text(json, "type");
    if (lines_ == 1) {
        if (type != "hello") return "a recording begins with a hello object";
        return read_hello(json);
    }
    if (type == "delta") return read_delta(json);
    if (type == "end") return read_end(json);
    return "`type` must be delta or end";
}

std::string RecordingReader::read_hello(const Json& json) {
    const auto version = number(json, "version");
    if (!version) return "`version` is missing";
    if (*version != 1)
        return fmt::format("it is of version {}, and this program reads version 1", *version);
    const auto scenario = text(json, "scenario");
    const auto seed = number(json, "seed");
    const auto cell_m = number(json, "cell_m");
    if (!scenario || !seed) return "`scenario` or `seed` is missing";
    if (!cell_m || *cell_m == 0 || *cell_m > 100'000) return "`cell_m` must be 1..100000";
    recording_.world.scenario = *scenario;
    recording_.world.seed = *seed;
    recording_.world.cell_m = static_cast<std::uint32_t>(*cell_m);
    recording_.world.preset = text(json, "preset").value_or("");
    const auto share = number(json, "purse_share_permille").value_or(0);
    recording_.world.purse_share_permille = share <= 1000 ? static_cast<std::uint32_t>(share) : 0;
    recording_.world.source = Source::Recording;
    greeted_ = true;
    return "";
}

std::string RecordingReader::read_delta(const Json& json) {
    if (number(json, "base") != seq_ || number(json, "seq") != seq_ + 1)
        return fmt::format("`base` and `seq` must be {} and {}: a line is missing", seq_, seq_ + 1);
    const auto at = time(json, "t");
    if (!at) return "`t` must be a time in microseconds";
    const auto events = json.find("events");
    if (events == json.end() || !events->is_array()) return "`events` must be an array";
    std::size_t place = 0;
    for (const Json& element : *events) {
        ++place;
        auto event = decode(element);
        if (!event) return fmt::format("event {}: {}", place, event.error());
        if (event->at < last_ || event->at > *at)
            return fmt::format("event {}: `t` goes back or lies past the line's", place);
        last_ = event->at;
        recording_.events.push_back(*std::move(event));
    }
    ++seq_;
    return "";
}

std::string RecordingReader::read_end(const Json& json) {
    const auto at = time(json, "t");
    const auto outcome = text(json, "outcome");
    const auto reason = text(json, "reason");
    if (!at || *at < last_) return "`t` is missing or goes back";
    if (!outcome || !reason) return "`outcome` or `reason` is missing";
    if (number(json, "seq") != seq_)
        return fmt::format("`seq` must be {}: a line is missing", seq_);
    recording_.world.until = *at;
    recording_.outcome = *outcome;
    recording_.reason = *reason;
    ended_ = true;
    return "";
}

namespace {

/// Line by line until the end or the first that can't be believed. ERRORS: the first line is none.
Result<void, std::string> read_lines(RecordingReader& reader, std::string_view text) {
    bool first = true;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const bool last = end == std::string_view::npos;
        const auto read = reader.line(text.substr(0, end));
        if (!read && first) return "not a recording that can be read: " + read.error();
        if (!read) {
            reader.stop(last ? Recording::State::CutOff : Recording::State::Damaged, read.error());
            return {};
        }
        first = false;
        text = last ? std::string_view{} : text.substr(end + 1);
    }
    return {};
}

}  // namespace

Result<Recording, std::string> read_recording(std::string_view bytes) {
    RecordingReader reader;
    if (!is_packed(bytes)) {
        const auto read = read_lines(reader, bytes);
        if (!read) return read.error();
        return std::move(reader).finish();
    }
    const Unpacked unpacked = unpack(bytes, kTextBytesUnpackedMax);
    const auto read = read_lines(reader, unpacked.text);
    if (!read) return read.error();
    if (unpacked.end == Unpacked::End::Damaged)
        reader.stop(Recording::State::Damaged, unpacked.why);
    return std::move(reader).finish();
}

}  // namespace compot::observe
