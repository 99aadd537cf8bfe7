#include "apps/playback.hpp"

namespace compot::apps {

namespace {

class Playback final : public World {
public:
    Playback(std::shared_ptr<const observe::Recording> recording, observe::Sink& sink)
        : recording_(std::move(recording)), sink_(sink) {}

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

    Ending ending() const override {
        if (!ended_) return {};
        return {true, recording_->outcome, recording_->reason};
    }

    std::string control(const web::Control&) override { return "a recording can't be changed"; }

    std::string show(learn::Cell, const scene::Image&, const scene::Scene&) override {
        return "a recording takes no pictures";
    }

    std::string act(NodeId, learn::Action) override { return "a recording has no bodies"; }

    Result<PacketId, std::string> submit(NodeId, const radio::Packet&) override {
        return std::string("a recording has no radios");
    }

private:
    std::shared_ptr<const observe::Recording> recording_;
    observe::Sink& sink_;
    std::size_t place_ = 0;
    Time now_{};
    bool ended_ = false;
};

}  // namespace

MakeWorld playback(std::shared_ptr<const observe::Recording> recording) {
    return [recording](std::optional<std::uint64_t>, observe::Sink& sink) {
        return Result<std::unique_ptr<World>, std::string>(
            std::make_unique<Playback>(recording, sink));
    };
}

}  // namespace compot::apps
