#include "host/links/lan_radio.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <thread>
#include <utility>

#include "host/links/seen.hpp"

namespace compot::links {

namespace asio = boost::asio;

/// All but sent() is of its thread.
class LanRadio::Inside final {
public:
    Inside(NodeId self, const UdpAddress& address, Listener listener)
        : self_(self),
          listener_(std::move(listener)),
          work_(asio::make_work_guard(io_)),
          group_(io_, address,
                 {[this] { say("is on the network"); }, [] {},
                  [this](const std::string& sentence) { say("has no network: " + sentence); },
                  [this](const Result<Carried>& carried) { heard(carried); }}),
          thread_([this] { io_.run(); }) {}

    ~Inside() {
        io_.stop();
        thread_.join();
    }

    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

    void sent(BytesView frame) {
        const auto carried = carried_of(frame, 0, 0);
        if (!carried) return;
        asio::post(io_, [this, carried = *carried] {
            if (seen_.first(carried.header.from, carried.header.id)) (void)group_.send(carried);
        });
    }

private:
    /// What was sent here comes back, and so does what others relay of it.
    void heard(const Result<Carried>& carried) {
        if (!carried || carried->header.from == self_) return;
        if (seen_.first(carried->header.from, carried->header.id))
            listener_.heard(frame_of(*carried));
    }

    void say(const std::string& what) {
        if (what == said_) return;
        said_ = what;
        listener_.news(what);
    }

    NodeId self_;
    Listener listener_;
    std::string said_;
    Seen seen_;
    asio::io_context io_;
    asio::executor_work_guard<asio::io_context::executor_type> work_;
    Multicast group_;
    std::thread thread_;
};

LanRadio::LanRadio(NodeId self, const UdpAddress& address, Listener listener)
    : inside_(std::make_unique<Inside>(self, address, std::move(listener))) {}

LanRadio::~LanRadio() = default;

void LanRadio::sent(BytesView frame) { inside_->sent(frame); }

}  // namespace compot::links
