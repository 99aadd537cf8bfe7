#include "host/stream_client/radio.hpp"

#include <array>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <mutex>
#include <thread>

#include "host/stream_client/line.hpp"

namespace compot::stream_client {

namespace {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;
using Clock = std::chrono::steady_clock;

constexpr Duration kAgainFirst = 500ms;
constexpr Duration kAgainMost = 30s;
/// For the goodbye, when a radio does not read.
constexpr auto kLeaveWithin = std::chrono::milliseconds(300);

}  // namespace

/// Owned by the Radio, whose thread has ended before it goes: handlers hold it by `this`.
class Radio::Inside final {
public:
    Inside(Address address, const Terms& terms, Listener& listener)
        : address_(std::move(address)),
          listener_(listener),
          client_(terms),
          random_(terms.seed, 0, 0xBAC0FF),
          began_(Clock::now()) {}

    void start() {
        asio::post(io_, [this] { open(); });
        thread_ = std::thread([this] { io_.run(); });
    }

    void stop() {
        asio::post(io_, [this] { leave(); });
        thread_.join();
    }

    void send(const radio::Packet& packet) {
        asio::post(io_, [this, packet] {
            if (leaving_) return;
            if (!client_.send(packet, now()))
                listener_.news(Taken{packet.id, mesh::RoutingError::Timeout});
            pump();
        });
    }

    void inject(const mesh::MeshPacket& packet) {
        asio::post(io_, [this, packet] {
            if (!leaving_ && client_.inject(packet)) pump();
        });
    }

    [[nodiscard]] RadioFacts facts() const {
        const std::lock_guard lock(mutex_);
        return facts_;
    }

    [[nodiscard]] Counters counters() const {
        const std::lock_guard lock(mutex_);
        return counters_;
    }

private:
    [[nodiscard]] Time now() const {
        return Time{std::chrono::duration_cast<Duration>(Clock::now() - began_)};
    }

    void open() {
        if (leaving_) return;
        open_line(io_, address_, [this](std::shared_ptr<Line> line, const std::string& why) {
            if (leaving_) return;
            if (line == nullptr) return broken(why);
            line_ = std::move(line);
            ++connections_;
            client_.connected(now());
            read();
            pump();
        });
    }

    void read() {
        line_->read(heard_, [this, line = line_](std::size_t bytes) {
            if (line != line_) return;
            if (bytes == 0) return broken(nobody("the line is cut"));
            client_.hear(BytesView{heard_}.first(bytes), now());
            pump();
            if (line == line_) read();
        });
    }

    /// Why there is no radio, as far as it is known.
    [[nodiscard]] std::string nobody(const std::string& why) const {
        const std::string stranger = client_.stranger();
        return to_string(address_) + ": " +
               (stranger.empty() ? why
                                 : "who answers there speaks " + stranger + ", as no radio does");
    }

    /// Everything that the client wants after it was told something.
    void pump() {
        tell();
        if (line_ == nullptr) return;
        if (client_.dead()) return broken(nobody("no radio answers there"));
        write();
        plan();
    }

    void tell() {
        for (const News& each : client_.take_news()) {
            if (std::holds_alternative<Ready>(each)) again_in_ = kAgainFirst;
            copy_facts();
            listener_.news(each);
        }
        copy_facts();
    }

    void copy_facts() {
        const std::lock_guard lock(mutex_);
        if (client_.ready()) facts_ = client_.facts();
        counters_ = {client_.counters(), client_.frames(), connections_};
    }

    void write() {
        if (!sending_.empty()) return;
        sending_ = client_.take_output();
        if (sending_.empty()) return;
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): text that holds bytes
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(sending_.data());
        line_->write({bytes, sending_.size()}, [this, line = line_](bool ok) {
            if (line != line_) return;
            if (leaving_) return end();
            sending_.clear();
            if (!ok) return broken(nobody("the line is cut"));
            pump();
        });
    }

    void plan() {
        const Time at = client_.wake_at();
        if (at == kNever) {
            wake_.cancel();
            return;
        }
        wake_.expires_after(std::max(at - now(), Duration{0}));
        wake_.async_wait([this](ErrorCode error) {
            if (error || line_ == nullptr) return;
            client_.wake(now());
            pump();
        });
    }

    void broken(const std::string& why) {
        if (line_ != nullptr) line_->close();
        line_ = nullptr;
        // A write that is still under way holds on to its bytes until it is told.
        lost_.swap(sending_);
        sending_.clear();
        client_.disconnected(now());
        tell();
        listener_.trouble(why);
        if (leaving_) return;
        const auto span = random_.between(75, 125) * again_in_ / 100;
        again_in_ = std::min(again_in_ * 2, kAgainMost);
        wake_.expires_after(span);
        wake_.async_wait([this](ErrorCode error) {
            if (!error) open();
        });
    }

    /// The goodbye is given a moment, then everything ends.
    void leave() {
        leaving_ = true;
        if (line_ == nullptr) return end();
        client_.leave();
        write();
        wake_.expires_after(kLeaveWithin);
        wake_.async_wait([this](ErrorCode) { end(); });
    }

    void end() {
        if (line_ != nullptr) line_->close();
        line_ = nullptr;
        wake_.cancel();
        io_.stop();
    }

    Address address_;
    Listener& listener_;
    asio::io_context io_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
    asio::steady_timer wake_{io_};
    Client client_;
    Random random_;
    Clock::time_point began_;
    std::shared_ptr<Line> line_;
    std::array<std::uint8_t, 4096> heard_{};
    std::string sending_;
    std::string lost_;
    Duration again_in_ = kAgainFirst;
    std::uint64_t connections_ = 0;
    bool leaving_ = false;

    mutable std::mutex mutex_;  // guards what follows
    RadioFacts facts_;
    Counters counters_;

    std::thread thread_;
};

Radio::Radio(const Address& address, const Terms& terms, Listener& listener)
    : inside_(std::make_unique<Inside>(address, terms, listener)) {
    inside_->start();
}

Radio::~Radio() { inside_->stop(); }

void Radio::send(const radio::Packet& packet) { inside_->send(packet); }

void Radio::inject(const mesh::MeshPacket& packet) { inside_->inject(packet); }

RadioFacts Radio::facts() const { return inside_->facts(); }

Radio::Counters Radio::counters() const { return inside_->counters(); }

}  // namespace compot::stream_client
