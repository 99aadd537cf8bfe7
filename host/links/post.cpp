#include "host/links/post.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace compot::links {

namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
using namespace stream_client;

constexpr std::size_t kWaitingMax = 16;
constexpr Duration kWaitsMost = 60s;

}  // namespace

/// Owned by the Post, whose thread has ended before it goes: handlers hold it by `this`.
class Post::Inside final {
public:
    Inside(const Identity& identity, Listener& listener, Carry carry)
        : bare_(identity), listener_(listener), carry_(std::move(carry)), began_(Clock::now()) {}

    void start() {
        thread_ = std::thread([this] { io_.run(); });
    }

    void stop() {
        if (!thread_.joinable()) return;
        asio::post(io_, [this] { io_.stop(); });
        thread_.join();
    }

    asio::io_context& io() { return io_; }

    void send(const radio::Packet& packet) {
        asio::post(io_, [this, packet] {
            if (up_) return send_now(packet);
            if (waiting_.size() == kWaitingMax) refuse_first();
            waiting_.emplace_back(now(), packet);
        });
    }

    void heard(const Result<Carried>& carried, bool by_broker) {
        asio::post(io_, [this, carried, by_broker] {
            if (!carried) {
                count([](Counters& counters) { ++counters.malformed; });
                if (!std::exchange(told_malformed_, true))
                    listener_.news(
                        Said{"something came that is no packet of a mesh, or in clear; "
                             "such is dropped, and from now on only counted"});
                return;
            }
            const auto packet = bare_.open(*carried, by_broker, now());
            count([](Counters&) {});
            if (packet) listener_.news(Heard{*packet});
            introduce();
        });
    }

    void up() {
        asio::post(io_, [this] {
            up_ = true;
            bare_.met(now());
            listener_.news(Ready{});
            introduce();
            while (!waiting_.empty()) {
                if (waiting_.front().first + kWaitsMost < now()) {
                    refuse_first();
                    continue;
                }
                send_now(waiting_.front().second);
                waiting_.pop_front();
            }
        });
    }

    void down() {
        asio::post(io_, [this] {
            if (std::exchange(up_, false)) listener_.news(NotReady{});
        });
    }

    void trouble(const std::string& sentence) {
        asio::post(io_, [this, sentence] { listener_.trouble(sentence); });
    }

    [[nodiscard]] Counters counters() const {
        const std::lock_guard lock(mutex_);
        return counters_;
    }

private:
    [[nodiscard]] Time now() const {
        return Time{std::chrono::duration_cast<Duration>(Clock::now() - began_)};
    }

    void send_now(const radio::Packet& packet) {
        const auto sealed = bare_.seal(packet);
        const bool sent = sealed.ok() && carry_(*sealed);
        count([&](Counters& counters) { ++(sent ? counters.sent : counters.refused); });
        const auto why =
            sealed.ok() ? mesh::RoutingError::NoInterface : mesh::RoutingError::TooLarge;
        listener_.news(Taken{packet.id, sent ? mesh::RoutingError::NoError : why});
    }

    void refuse_first() {
        const PacketId id = waiting_.front().second.id;
        waiting_.pop_front();
        count([](Counters& counters) { ++counters.refused; });
        listener_.news(Taken{id, mesh::RoutingError::NoInterface});
    }

    template <typename Change>
    void count(Change change) {
        const std::lock_guard lock(mutex_);
        counters_.packets = bare_.counters();
        change(counters_);
    }

    void introduce() {
        if (!up_) return;
        if (const auto words = bare_.introduce(now())) (void)carry_(*words);
        timer_.expires_after(bare_.introduces_at() - now());
        timer_.async_wait([this](boost::system::error_code error) {
            if (!error) introduce();
        });
    }

    Bare bare_;
    Listener& listener_;
    Carry carry_;
    Clock::time_point began_;
    asio::io_context io_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
    asio::steady_timer timer_{io_};
    bool up_ = false;
    bool told_malformed_ = false;
    std::deque<std::pair<Time, radio::Packet>> waiting_;

    mutable std::mutex mutex_;  // guards what follows
    Counters counters_;

    std::thread thread_;
};

Post::Post(const Identity& identity, Listener& listener, Carry carry)
    : inside_(std::make_unique<Inside>(identity, listener, std::move(carry))) {}

Post::~Post() { inside_->stop(); }

void Post::start() { inside_->start(); }

void Post::stop() { inside_->stop(); }

asio::io_context& Post::io() { return inside_->io(); }

void Post::send(const radio::Packet& packet) { inside_->send(packet); }

void Post::heard(const Result<Carried>& carried, bool by_broker) {
    inside_->heard(carried, by_broker);
}

void Post::up() { inside_->up(); }

void Post::down() { inside_->down(); }

void Post::trouble(const std::string& sentence) { inside_->trouble(sentence); }

Post::Counters Post::counters() const { return inside_->counters(); }

}  // namespace compot::links
