#include "host/mqtt/client.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <random>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/check.hpp"
#include "core/base/random.hpp"
#include "host/mqtt/outbox.hpp"
#include "host/mqtt/paho.hpp"

namespace compot::mqtt {

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kLeaveWithin = std::chrono::milliseconds(1000);
constexpr std::size_t kHeardMax = 4096;

// What Paho's threads have to tell ours.
struct Connected {
    std::uint32_t packet_bytes_max = 0;  ///< that the broker takes; 0: it names none
};

struct Lost {
    std::string why;
};

struct Subscribed {
    std::string refused;  ///< why; empty: it is subscribed
};

struct Confirmed {
    Ticket ticket = 0;
};

struct Unsent {
    Ticket ticket = 0;
    std::string refused;  ///< by the broker; empty: the line broke
};

struct Arrived {
    Message message;
};

using Event = std::variant<Connected, Lost, Subscribed, Confirmed, Unsent, Arrived>;

/// Hands the outcome of one of Paho's actions on, whichever it is.
class Outcome final : public paho::iaction_listener {
public:
    using Then = std::function<void(const paho::token&, bool)>;

    explicit Outcome(Then then) : then_(std::move(then)) {}

    void on_success(const paho::token& token) override {
        then_(token, token.get_reason_code() < kRefused);
    }

    void on_failure(const paho::token& token) override { then_(token, false); }

private:
    Then then_;
};

}  // namespace

/// Everything but what stands below `mutex_` is of our own thread. Paho's threads come in by tell()
/// alone.
class Client::Inside final {
public:
    Inside(const Broker& broker, const Terms& terms, Listener& listener)
        : name_(to_string(broker)),
          terms_(terms),
          listener_(listener),
          options_(options_of(broker, terms)),
          again_in_(terms.again_first),
          outbox_(terms.waiting_max, terms.waiting_bytes_max) {
        COMPOT_CHECK(terms.session.count() == 0 || !terms.client_id.empty());
        // Version 5 must be known from the beginning: Paho makes other structs for it.
        client_ = std::make_unique<paho::async_client>(
            uri_of(broker), terms.client_id.empty() ? random_id() : terms.client_id,
            paho::create_options(MQTTVERSION_5), nullptr);
        client_->set_connection_lost_handler([this](const std::string& cause) {
            tell(Lost{cause.empty() ? "the line is cut" : cause});
        });
        client_->set_disconnected_handler(
            [this](const paho::properties&, paho::ReasonCode code) { tell(Lost{words_of(code)}); });
        client_->set_message_callback([this](const paho::const_message_ptr& letter) {
            if (letter != nullptr) tell(Arrived{message_of(*letter)});
        });
        thread_ = std::thread([this] { work(); });
    }

    ~Inside() {
        {
            const std::lock_guard lock(mutex_);
            leaving_ = true;
        }
        news_.notify_one();
        thread_.join();
    }

    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

    void subscribe(const std::string& filter, Quality quality) {
        const std::lock_guard lock(mutex_);
        filters_.emplace_back(filter, quality);
        news_.notify_one();
    }

    Ticket publish(const Message& message) {
        const std::lock_guard lock(mutex_);
        const bool fits = message.topic.size() + message.payload.size() < terms_.packet_bytes_max;
        const Ticket ticket = fits ? outbox_.add(message) : 0;
        ++(ticket == 0 ? counters_.refused : counters_.published);
        news_.notify_one();
        return ticket;
    }

    Counters counters() const {
        const std::lock_guard lock(mutex_);
        Counters counters = counters_;
        counters.waiting = outbox_.size();
        return counters;
    }

private:
    enum class State : std::uint8_t { Down, Connecting, Subscribing, Up };

    void tell(Event event) {
        const std::lock_guard lock(mutex_);
        if (std::holds_alternative<Arrived>(event)) {
            ++counters_.heard;
            if (++arrived_ > kHeardMax) {
                --arrived_;
                ++counters_.dropped;
                return;
            }
        }
        events_.push_back(std::move(event));
        news_.notify_one();
    }

    void work() {
        std::unique_lock lock(mutex_);
        while (!leaving_) {
            if (events_.empty()) {
                lock.unlock();
                plan();
                lock.lock();
                if (events_.empty() && !leaving_ && !to_do()) news_.wait_until(lock, wake_at());
                continue;
            }
            const Event event = std::move(events_.front());
            events_.pop_front();
            if (std::holds_alternative<Arrived>(event)) --arrived_;
            lock.unlock();
            std::visit([this](const auto& each) { take(each); }, event);
            lock.lock();
        }
        lock.unlock();
        leave();
    }

    [[nodiscard]] Clock::time_point wake_at() const {
        return state_ == State::Down ? again_at_ : Clock::now() + std::chrono::hours(1);
    }

    /// REQUIRES: the mutex.
    [[nodiscard]] bool to_do() const {
        return state_ == State::Up && (asked_ < filters_.size() || outbox_.ready());
    }

    void plan() {
        if (state_ == State::Down && Clock::now() >= again_at_) connect();
        if (state_ == State::Up) {
            ask();
            send();
        }
    }

    /// Runs one of Paho's functions; what it throws is as good as a broken line.
    template <typename Action>
    bool attempt(Action action) {
        try {
            action();
            return true;
        } catch (const std::exception& error) {
            down(error.what());
            return false;
        }
    }

    void connect() {
        state_ = State::Connecting;
        attempt([this] { client_->connect(options_, nullptr, connected_); });
    }

    void take(const Connected& connected) {
        broker_bytes_max_ = connected.packet_bytes_max;
        {
            const std::lock_guard lock(mutex_);
            ++counters_.connections;
        }
        state_ = State::Subscribing;
        asked_ = answered_ = 0;
        ask();
        look_whether_up();
    }

    void take(const Lost& lost) {
        if (state_ != State::Down) down(lost.why);
    }

    void take(const Subscribed& subscribed) {
        if (state_ != State::Subscribing && state_ != State::Up) return;
        ++answered_;
        if (!subscribed.refused.empty())
            complain("it refuses a subscription: " + subscribed.refused);
        look_whether_up();
    }

    void take(const Confirmed& confirmed) {
        {
            const std::lock_guard lock(mutex_);
            if (!outbox_.remove(confirmed.ticket)) return;
            ++counters_.confirmed;
        }
        listener_.confirmed(confirmed.ticket);
    }

    void take(const Unsent& unsent) {
        if (!unsent.refused.empty()) return refuse(unsent.ticket, unsent.refused);
        const std::lock_guard lock(mutex_);
        outbox_.again(unsent.ticket);
    }

    void take(const Arrived& arrived) { listener_.heard(arrived.message); }

    void refuse(Ticket ticket, const std::string& why) {
        {
            const std::lock_guard lock(mutex_);
            if (!outbox_.remove(ticket)) return;
            ++counters_.refused;
        }
        complain("it refuses a message: " + why);
    }

    void look_whether_up() {
        if (state_ != State::Subscribing || answered_ < asked_) return;
        state_ = State::Up;
        again_in_ = terms_.again_first;
        complained_.clear();
        listener_.up();
    }

    void down(const std::string& why) {
        if (std::exchange(state_, State::Down) == State::Up) listener_.down();
        {
            const std::lock_guard lock(mutex_);
            outbox_.rewind();
        }
        again_at_ = Clock::now() + again_in_ * random_.between(75, 125) / 100;
        again_in_ = std::min(again_in_ * 2, terms_.again_most);
        complain(why);
    }

    void complain(const std::string& why) {
        if (why == complained_) return;
        complained_ = why;
        listener_.trouble(name_ + ": " + why);
    }

    /// Subscribes to what has not been asked for in this connection.
    void ask() {
        for (;;) {
            std::pair<std::string, Quality> filter;
            {
                const std::lock_guard lock(mutex_);
                if (asked_ >= filters_.size()) return;
                filter = filters_[asked_++];
            }
            const bool asked = attempt([&] {
                client_->subscribe(filter.first, static_cast<int>(filter.second), nullptr,
                                   subscribed_);
            });
            if (!asked) return;
        }
    }

    void send() {
        for (;;) {
            Outbox::Item item;
            {
                const std::lock_guard lock(mutex_);
                const Outbox::Item* next = outbox_.next();
                if (next == nullptr) return;
                item = *next;
            }
            const std::size_t bytes = item.message.topic.size() + item.message.payload.size();
            if (broker_bytes_max_ != 0 && bytes + kAround > broker_bytes_max_) {
                refuse(item.ticket,
                       "it takes no more than " + std::to_string(broker_bytes_max_) + " bytes");
                continue;
            }
            const bool sent = attempt([&] {
                client_->publish(letter_of(item.message), context_of(item.ticket), published_);
            });
            if (!sent) return;
        }
    }

    void leave() {
        try {
            client_->disconnect(paho::disconnect_options())->wait_for(kLeaveWithin);
        } catch (const std::exception&) {
            // It was not connected, or does not answer: we go all the same.
        }
        try {
            client_->disable_callbacks();
        } catch (const std::exception&) {
            // Not while it connects; what still comes in ends in a queue that nobody reads.
        }
        client_.reset();
    }

    /// Of a packet besides topic and payload: fixed header, lengths, properties.
    static constexpr std::size_t kAround = 32;

    std::string name_;
    Terms terms_;
    Listener& listener_;
    paho::connect_options options_;
    State state_ = State::Down;
    Clock::time_point again_at_ = Clock::now();
    std::chrono::milliseconds again_in_;
    Random random_{std::random_device{}(), 0, 0xB0C};
    std::string complained_;
    std::size_t answered_ = 0;
    std::uint32_t broker_bytes_max_ = 0;
    std::size_t asked_ = 0;

    Outcome connected_{[this](const paho::token& token, bool ok) {
        if (!ok) return tell(Lost{reason_of(token)});
        tell(Connected{packet_bytes_max_of(token)});
    }};
    Outcome subscribed_{[this](const paho::token& token, bool ok) {
        tell(Subscribed{ok ? "" : reason_of(token)});
    }};
    Outcome published_{[this](const paho::token& token, bool ok) {
        const Ticket ticket = ticket_of(token);
        if (ok) return tell(Confirmed{ticket});
        tell(Unsent{ticket, token.get_reason_code() >= kRefused ? reason_of(token) : ""});
    }};

    mutable std::mutex mutex_;  // guards what follows
    std::condition_variable news_;
    bool leaving_ = false;
    std::deque<Event> events_;
    std::size_t arrived_ = 0;  ///< of the events
    std::vector<std::pair<std::string, Quality>> filters_;
    Outbox outbox_;
    Counters counters_;

    std::unique_ptr<paho::async_client> client_;
    std::thread thread_;
};

Client::Client(const Broker& broker, const Terms& terms, Listener& listener)
    : inside_(std::make_unique<Inside>(broker, terms, listener)) {}

Client::~Client() = default;

void Client::subscribe(const std::string& filter, Quality quality) {
    inside_->subscribe(filter, quality);
}

Ticket Client::publish(const Message& message) { return inside_->publish(message); }

Client::Counters Client::counters() const { return inside_->counters(); }

}  // namespace compot::mqtt
