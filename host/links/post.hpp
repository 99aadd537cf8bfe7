#pragma once

#include <functional>
#include <memory>
#include <string>

#include "host/links/bare.hpp"
#include "host/stream_client/radio.hpp"

/// What all links without a radio have in common: a Bare node on a thread of its own, which tells
/// its news as a radio on a line does. Who carries its frames is given.

namespace boost::asio {
class io_context;
}

namespace compot::links {

class Post {
public:
    /// False when a frame can't be handed on now. Called on the post's thread.
    using Carry = std::function<bool(const Carried&)>;

    /// `listener` outlives the post; it is called on the post's thread.
    Post(const Identity& identity, stream_client::Listener& listener, Carry carry);
    Post(const Post&) = delete;
    Post& operator=(const Post&) = delete;
    ~Post();

    void start();
    /// After this nothing is called any more.
    void stop();

    /// Of the post's thread.
    [[nodiscard]] boost::asio::io_context& io();

    // From any thread.

    /// Without a way it waits for one: the last sixteen packets do, for a minute each.
    void send(const radio::Packet& packet);
    void heard(const Result<Carried>& carried, bool by_broker);
    void up();
    void down();
    /// Something is wrong: one sentence.
    void trouble(const std::string& sentence);

    struct Counters {
        Bare::Counters packets;
        std::uint64_t malformed = 0;  ///< no packet, too long, in clear, or not what its topic says
        std::uint64_t sent = 0;
        std::uint64_t refused = 0;  ///< could not be sent
    };

    [[nodiscard]] Counters counters() const;

private:
    class Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace compot::links
