#include "tests/acceptance/bridge/real_broker.hpp"

#include <chrono>
#include <mutex>
#include <thread>

#include "core/base/check.hpp"
#include "host/mqtt/client.hpp"
#include "host/mqtt/mosquitto.hpp"

namespace compot::two_sites {

namespace {

using std::chrono::steady_clock;

constexpr std::int64_t kFaster = 120;
constexpr auto kEvery = std::chrono::milliseconds(5000);
constexpr auto kUp = std::chrono::milliseconds(500);
constexpr Duration kPatience = 6h;

/// One site's connection, made anew each time its link comes up.
class Line final : public mqtt::Listener {
public:
    Line(const mqtt::Broker& broker, Place& place) : broker_(broker), place_(place) {}

    void set_up(bool wanted) {
        if (wanted == (client_ != nullptr)) return;
        client_.reset();
        {
            const std::lock_guard lock(mutex_);
            up_ = false;
        }
        if (!wanted) return;
        mqtt::Terms terms;
        terms.client_id = place_.terms().edge;
        terms.session = std::chrono::hours(1);
        terms.again_first = std::chrono::milliseconds(50);
        client_ = std::make_unique<mqtt::Client>(broker_, terms, *this);
        for (const std::string& filter : place_.site().subscriptions())
            client_->subscribe(filter, mqtt::Quality::AtLeastOnce);
    }

    void exchange(Time now) {
        std::vector<std::string> heard;
        bool is_up = false;
        {
            const std::lock_guard lock(mutex_);
            heard.swap(heard_);
            is_up = up_;
        }
        place_.site().link(is_up, now);
        for (const std::string& payload : heard)
            place_.site().heard(bridge::ByteString(payload.begin(), payload.end()), now);
        place_.run_until(now);
        for (const bridge::Out& out : place_.site().take_output()) {
            mqtt::Message message;
            message.topic = out.topic;
            message.payload.assign(out.envelope.begin(), out.envelope.end());
            message.retained = out.retained;
            if (client_ != nullptr) (void)client_->publish(message);
        }
    }

    void up() override {
        const std::lock_guard lock(mutex_);
        up_ = true;
        ++connections_;
    }

    void trouble(const std::string&) override {
        const std::lock_guard lock(mutex_);
        up_ = false;
    }

    void heard(const mqtt::Message& message) override {
        const std::lock_guard lock(mutex_);
        heard_.push_back(message.payload);
    }

    [[nodiscard]] std::uint64_t connections() const { return connections_; }

private:
    mqtt::Broker broker_;
    Place& place_;
    std::mutex mutex_;  // guards what follows but client_
    bool up_ = false;
    std::vector<std::string> heard_;
    std::uint64_t connections_ = 0;
    std::unique_ptr<mqtt::Client> client_;
};

}  // namespace

BrokerRun run_over_mosquitto(const std::vector<std::unique_ptr<Place>>& places,
                             const std::function<bool()>& is_done) {
    BrokerRun run;
    run.has_broker = mqtt::Mosquitto::is_here();
    if (!run.has_broker) return run;
    mqtt::Mosquitto mosquitto;
    const auto broker = mqtt::parse_broker(mosquitto.url());
    COMPOT_CHECK(broker.ok());
    std::vector<std::unique_ptr<Line>> lines;
    for (const auto& place : places) lines.push_back(std::make_unique<Line>(*broker, *place));
    const auto began = steady_clock::now();
    while (!run.done && run.world_time < kPatience) {
        const auto passed = steady_clock::now() - began;
        run.world_time = std::chrono::duration_cast<Duration>(passed) * kFaster;
        for (std::size_t i = 0; i < lines.size(); ++i) {
            // The second site's link comes up while the first's is down.
            const auto at = (passed + static_cast<int>(i) * kEvery / 2) % kEvery;
            lines[i]->set_up(at < kUp);
            lines[i]->exchange(Time{run.world_time});
        }
        run.done = is_done();
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    for (const auto& line : lines) run.connections += line->connections();
    return run;
}

}  // namespace compot::two_sites
