#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

#include "apps/pace.hpp"
#include "apps/world.hpp"
#include "host/web/swarm.hpp"
#include "observe/feed.hpp"

/// Runs one world for everybody who watches: one thread steps it at the pace that was asked for,
/// and what happens goes into one feed. Pages read the feed from other threads and leave their
/// wishes in a queue; neither can hold up the world.

namespace compot::apps {

class Runner final : public web::Swarm {
public:
    /// `also` is told everything too (a recording), or null. ERRORS: those of `make`.
    [[nodiscard]] static Result<std::unique_ptr<Runner>, std::string> start(
        MakeWorld make, std::optional<std::uint64_t> seed, double speed,
        observe::Sink* also = nullptr);

    /// Steps the world on the caller's thread until `stop` is true.
    void run(const std::atomic<bool>& stop);

    /// Called on the runner's thread whenever the feed has something new. Before run().
    void on_news(std::function<void()> wake) { wake_ = std::move(wake); }

    /// How the world stands; only between or after run().
    [[nodiscard]] const World& world() const { return *world_; }

    observe::Feed::Reader reader(std::optional<std::uint64_t> resume,
                                 const std::string& run) override;
    observe::Message next(observe::Feed::Reader& reader) override;
    std::string list(List which) override;
    Time now() override;
    void registries(Told told) override;
    void control(const web::Control& control, Done done) override;
    void signed_ledger(Told told) override;
    void show(learn::Cell at, const scene::Image& image, const scene::Scene& scene,
              Done done) override;

    /// Work for the world's thread, between two events. False when too much is waiting.
    bool post(std::function<void(World&)> work);

private:
    /// Feeds what the world tells to the feed and to `also`, and counts flights.
    class Teller final : public observe::EventSink {
    public:
        explicit Teller(Runner& runner) : runner_(runner) {}

        void event(observe::Event event) override;

    private:
        Runner& runner_;
    };

    Runner(MakeWorld make, observe::Sink* also);
    [[nodiscard]] std::string make_world(std::optional<std::uint64_t> seed);
    void advance(Pace::Wall until);
    void publish(Pace::Wall now);
    void tell_clock();
    void do_posted();
    [[nodiscard]] std::string refuses(web::Control::Do what) const;
    [[nodiscard]] observe::World label() const;
    [[nodiscard]] std::string carry_out(const web::Control& control);
    [[nodiscard]] std::string step_once();
    [[nodiscard]] std::string step_packet();
    [[nodiscard]] std::string reset(std::optional<std::uint64_t> seed);
    [[nodiscard]] std::string seek(Time to);
    void repace(bool running, double speed);
    void rewind(Time to);
    [[nodiscard]] Time current() const;

    MakeWorld make_;
    observe::Sink* also_;
    Teller teller_{*this};
    std::string run_;
    Pace pace_;
    std::uint64_t flights_ = 0;
    Pace::Wall clock_told_{};
    Pace::Wall published_{};
    std::vector<observe::Event>* holding_ = nullptr;  ///< while a world is made
    std::function<void()> wake_ = [] {};

    std::mutex feed_mutex_;  // guards feed_ and timeline_
    observe::Feed feed_;
    std::string timeline_;

    std::mutex posted_mutex_;  // guards posted_ alone
    std::condition_variable posted_news_;
    std::deque<std::function<void(World&)>> posted_;

    std::unique_ptr<World> world_;  // of the runner's thread
};

}  // namespace compot::apps
