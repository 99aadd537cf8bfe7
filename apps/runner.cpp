#include "apps/runner.hpp"

#include <fmt/format.h>

#include <random>

namespace compot::apps {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kPostedMax = 256;
constexpr auto kSlice = 10ms;  ///< of stepping before the feed and the queue get their turn
constexpr auto kPublishEvery = 50ms;
constexpr auto kClockEvery = 250ms;
/// A packet that does not come within so many events does not come.
constexpr int kEventsToPacketMax = 1'000'000;

std::string fresh_run() {
    std::random_device device;
    return fmt::format("{:08x}", device());
}

}  // namespace

void Runner::Teller::event(observe::Event event) {
    if (runner_.holding_ != nullptr) {
        runner_.holding_->push_back(std::move(event));
        return;
    }
    if (std::holds_alternative<observe::FlightStarted>(event.what)) ++runner_.flights_;
    if (runner_.also_ != nullptr) observe::tell(*runner_.also_, event);
    const std::lock_guard lock(runner_.feed_mutex_);
    runner_.feed_.event(std::move(event));
}

Runner::Runner(MakeWorld make, observe::Sink* also)
    : make_(std::move(make)), also_(also), run_(fresh_run()), feed_({}) {}

Result<std::unique_ptr<Runner>, std::string> Runner::start(MakeWorld make,
                                                           std::optional<std::uint64_t> seed,
                                                           double speed, observe::Sink* also) {
    std::unique_ptr<Runner> runner(new Runner(std::move(make), also));
    const std::string problem = runner->make_world(seed);
    if (!problem.empty()) return problem;
    runner->pace_.set(true, speed, runner->world_->now(), std::chrono::steady_clock::now());
    return runner;
}

/// What the new world tells while it is made is held back until it is known to be whole, so that a
/// failure changes nothing.
std::string Runner::make_world(std::optional<std::uint64_t> seed) {
    std::vector<observe::Event> first;
    holding_ = &first;
    auto made = make_(seed, teller_);
    holding_ = nullptr;
    if (!made) return made.error();
    world_ = *std::move(made);
    {
        const std::lock_guard lock(feed_mutex_);
        feed_.restart(label());
        timeline_ = world_->timeline();
    }
    for (const observe::Event& event : first) observe::tell(teller_, event);
    return "";
}

void Runner::run(const std::atomic<bool>& stop) {
    rewind(world_->now());
    while (!stop) {
        if (world_->real()) rewind(world_->now());
        const auto began = std::chrono::steady_clock::now();
        do_posted();
        advance(began + kSlice);
        const auto now = std::chrono::steady_clock::now();
        publish(now);
        if (pace_.running() && world_->next_at() <= pace_.allowed(now)) continue;
        std::unique_lock lock(posted_mutex_);
        posted_news_.wait_for(lock, kPublishEvery / 5, [this] { return !posted_.empty(); });
    }
    tell_clock();
}

void Runner::advance(Pace::Wall until) {
    auto now = std::chrono::steady_clock::now();
    while (pace_.running() && world_->next_at() != kNever &&
           world_->next_at() <= pace_.allowed(now)) {
        world_->step();
        now = std::chrono::steady_clock::now();
        if (now >= until) break;
    }
    if (pace_.running() && pace_.speed() > 0 && world_->next_at() < pace_.allowed(now))
        pace_.forgive(world_->next_at(), now);
}

void Runner::publish(Pace::Wall now) {
    if (now - published_ < kPublishEvery) return;
    published_ = now;
    if (pace_.running() && now - clock_told_ >= kClockEvery) tell_clock();
    bool news = false;
    {
        const std::lock_guard lock(feed_mutex_);
        news = feed_.commit();
    }
    if (news) wake_();
}

void Runner::tell_clock() {
    const Ending ending = world_->ending();
    observe::Clock clock;
    clock.at = current();
    clock.running = pace_.running() && world_->next_at() != kNever;
    clock.speed = pace_.speed();
    clock.finished = ending.finished;
    clock.outcome = ending.outcome;
    clock.reason = ending.reason;
    clock_told_ = std::chrono::steady_clock::now();
    const std::lock_guard lock(feed_mutex_);
    feed_.clock(clock);
}

void Runner::do_posted() {
    while (true) {
        std::function<void(World&)> work;
        {
            const std::lock_guard lock(posted_mutex_);
            if (posted_.empty()) return;
            work = std::move(posted_.front());
            posted_.pop_front();
        }
        work(*world_);
    }
}

bool Runner::post(std::function<void(World&)> work) {
    {
        const std::lock_guard lock(posted_mutex_);
        if (posted_.size() >= kPostedMax) return false;
        posted_.push_back(std::move(work));
    }
    posted_news_.notify_one();
    return true;
}

void Runner::registries(Told told) {
    const bool posted = post([this, told](World& world) {
        told(fmt::format(R"({{"t":{},"records":{}}})", to_us(current()), world.registries()));
    });
    if (!posted) told("");
}

void Runner::control(const web::Control& control, Done done) {
    const bool posted = post([this, control, done](World&) {
        const std::string problem = carry_out(control);
        tell_clock();
        {
            const std::lock_guard lock(feed_mutex_);
            feed_.commit();
        }
        wake_();
        done(problem);
    });
    if (!posted) done("too many controls are waiting");
}

void Runner::signed_ledger(Told told) {
    if (!post([told](World& world) { told(world.signed_ledger()); })) told("");
}

void Runner::show(learn::Cell at, const scene::Image& image, const scene::Scene& scene, Done done) {
    const bool posted =
        post([at, image, scene, done](World& world) { done(world.show(at, image, scene)); });
    if (!posted) done("the swarm is too busy");
}

/// What a page is told that it can do is exactly what is not refused here.
std::string Runner::refuses(web::Control::Do what) const {
    using Do = web::Control::Do;
    const std::string refusal = world_->refuses(what);
    if (!refusal.empty()) return refusal;
    if (what == Do::Reset && also_ != nullptr) return "a recording of this run is being written";
    if (what == Do::Seek && world_->label().source != observe::Source::Recording)
        return "only a recording can be moved in";
    return "";
}

observe::World Runner::label() const {
    observe::World label = world_->label();
    label.run = run_;
    for (const web::Control::Do what : web::kEveryDo)
        if (refuses(what).empty()) label.controls.emplace_back(web::word(what));
    if (world_->takes_pictures()) label.controls.emplace_back("classify");
    return label;
}

std::string Runner::carry_out(const web::Control& control) {
    using Do = web::Control::Do;
    if (const std::string refusal = refuses(control.what); !refusal.empty()) return refusal;
    switch (control.what) {
        case Do::Pause: repace(false, pace_.speed()); return "";
        case Do::Run: repace(true, pace_.speed()); return "";
        case Do::Speed: repace(pace_.running(), control.speed); return "";
        case Do::Step: return step_once();
        case Do::StepPacket: return step_packet();
        case Do::Reset: return reset(control.seed);
        case Do::Seek: return seek(control.to);
        case Do::Drop:
        case Do::Revive:
        case Do::Put:
        case Do::Remove:
        case Do::Cancel: break;
    }
    return world_->control(control);
}

void Runner::repace(bool running, double speed) {
    pace_.set(running, speed, current(), std::chrono::steady_clock::now());
}

/// Between two events time passes too, but never past the next one.
Time Runner::current() const {
    const Time paced = std::min(pace_.allowed(std::chrono::steady_clock::now()), world_->next_at());
    return paced == kNever ? world_->now() : std::max(world_->now(), paced);
}

std::string Runner::step_once() {
    if (world_->next_at() == kNever) return "nothing happens any more";
    world_->step();
    pace_.set(false, pace_.speed(), world_->now(), {});
    return "";
}

std::string Runner::step_packet() {
    const std::uint64_t before = flights_;
    for (int i = 0; i < kEventsToPacketMax && flights_ == before; ++i) {
        if (world_->next_at() == kNever) break;
        world_->step();
    }
    pace_.set(false, pace_.speed(), world_->now(), {});
    return flights_ == before ? "no packet is sent any more" : "";
}

std::string Runner::reset(std::optional<std::uint64_t> seed) {
    const std::string problem = make_world(seed ? *seed : world_->label().seed);
    if (problem.empty()) rewind(world_->now());
    return problem;
}

std::string Runner::seek(Time to) {
    const std::string problem = make_world(std::nullopt);
    if (!problem.empty()) return problem;
    world_->skip_to(to);
    rewind(to);
    return "";
}

void Runner::rewind(Time to) {
    pace_.set(pace_.running(), pace_.speed(), to, std::chrono::steady_clock::now());
}

observe::Feed::Reader Runner::reader(std::optional<std::uint64_t> resume, const std::string& run) {
    const std::lock_guard lock(feed_mutex_);
    return feed_.reader(resume, run);
}

observe::Message Runner::next(observe::Feed::Reader& reader) {
    const std::lock_guard lock(feed_mutex_);
    return feed_.next(reader);
}

std::string Runner::list(List which) {
    const std::lock_guard lock(feed_mutex_);
    switch (which) {
        case List::Nodes: return feed_.nodes();
        case List::Jobs: return feed_.jobs();
        case List::Ledger: return feed_.ledger();
        case List::Packets: return feed_.packets();
        case List::Timeline: return timeline_;
    }
    return "[]";
}

Time Runner::now() {
    const std::lock_guard lock(feed_mutex_);
    return feed_.now();
}

}  // namespace compot::apps
