#include "apps/playback.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "observe/lasting.hpp"

namespace compot::apps {

namespace {

constexpr std::int64_t kBins = 240;
constexpr std::size_t kMarksMax = 500;
constexpr const char* kUnchanging = "a recording can't be changed";

/// How many transmissions began in each part of the recording, and the steps of its jobs.
std::string timeline_of(const observe::Recording& recording) {
    using Json = nlohmann::json;
    const std::int64_t until_us = std::max<std::int64_t>(1, to_us(recording.world.until));
    const std::int64_t bin_us = (until_us + kBins - 1) / kBins;
    std::array<std::uint32_t, kBins> bins{};
    Json marks = Json::array();
    for (const observe::Event& event : recording.events) {
        if (std::holds_alternative<observe::FlightStarted>(event.what))
            ++bins.at(static_cast<std::size_t>(std::min(kBins - 1, to_us(event.at) / bin_us)));
        const auto* step = std::get_if<observe::JobStep>(&event.what);
        if (step != nullptr && marks.size() < kMarksMax)
            marks.push_back({{"t", to_us(event.at)}, {"text", step->step}});
    }
    return Json{{"bin_us", bin_us}, {"packets", bins}, {"marks", marks}}.dump(
        -1, ' ', false, Json::error_handler_t::replace);
}

class Playback final : public World {
public:
    Playback(std::shared_ptr<const observe::Recording> recording, std::string timeline,
             observe::Sink& sink)
        : recording_(std::move(recording)), timeline_(std::move(timeline)), sink_(sink) {}

    std::string timeline() const override { return timeline_; }

    observe::World label() const override { return recording_->world; }

    Time now() const override { return now_; }

    Time next_at() const override {
        if (place_ < recording_->events.size()) return recording_->events[place_].at;
        return ended_ ? kNever : recording_->world.until;
    }

    void step() override {
        now_ = next_at();
        if (place_ < recording_->events.size()) {
            observe::tell(sink_, recording_->events[place_++]);
        } else {
            ended_ = true;
        }
    }

    void skip_to(Time to) override {
        const auto& events = recording_->events;
        const auto later =
            std::find_if(events.begin(), events.end(),
                         [to](const observe::Event& event) { return event.at > to; });
        place_ = static_cast<std::size_t>(later - events.begin());
        for (const std::size_t one : observe::lasting(events, place_))
            observe::tell(sink_, events[one]);
        now_ = place_ > 0 ? events[place_ - 1].at : Time{};
        if (next_at() <= to) step();  // the recording's end
    }

    Ending ending() const override {
        if (!ended_) return {};
        return {true, recording_->outcome, recording_->reason};
    }

    std::string refuses(web::Control::Do what) const override {
        using Do = web::Control::Do;
        const bool changes = what == Do::Reset || what == Do::Drop || what == Do::Revive ||
                             what == Do::Put || what == Do::Remove || what == Do::Cancel;
        return changes ? kUnchanging : "";
    }

    std::string control(const web::Control&) override { return kUnchanging; }

    std::string show(learn::Cell, const scene::Image&, const scene::Scene&) override {
        return "a recording takes no pictures";
    }

    std::string act(NodeId, learn::Action) override { return "a recording has no bodies"; }

    Result<PacketId, std::string> submit(NodeId, const radio::Packet&) override {
        return std::string("a recording has no radios");
    }

private:
    std::shared_ptr<const observe::Recording> recording_;
    std::string timeline_;
    observe::Sink& sink_;
    std::size_t place_ = 0;
    Time now_{};
    bool ended_ = false;
};

}  // namespace

MakeWorld playback(std::shared_ptr<const observe::Recording> recording) {
    return [recording, timeline = timeline_of(*recording)](std::optional<std::uint64_t>,
                                                           observe::Sink& sink) {
        return Result<std::unique_ptr<World>, std::string>(
            std::make_unique<Playback>(recording, timeline, sink));
    };
}

}  // namespace compot::apps
