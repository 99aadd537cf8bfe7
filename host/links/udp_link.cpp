#include "host/links/udp_link.hpp"

namespace compot::links {

/// All of it is of the post's thread.
class UdpLink::Inside final {
public:
    Inside(const UdpAddress& address, const Identity& identity, stream_client::Listener& listener)
        : post_(identity, listener,
                [this](const Carried& carried) { return group_.send(carried); }),
          group_(post_.io(), address,
                 {[this] { post_.up(); }, [this] { post_.down(); },
                  [this](const std::string& sentence) { post_.trouble(sentence); },
                  [this](const Result<Carried>& carried) { post_.heard(carried, false); }}) {
        post_.start();
    }

    ~Inside() { post_.stop(); }

    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

    Post& post() { return post_; }

private:
    Post post_;
    Multicast group_;
};

UdpLink::UdpLink(const UdpAddress& address, const Identity& identity,
                 stream_client::Listener& listener)
    : inside_(std::make_unique<Inside>(address, identity, listener)) {}

UdpLink::~UdpLink() = default;

void UdpLink::send(const radio::Packet& packet) { inside_->post().send(packet); }

Post::Counters UdpLink::counters() const { return inside_->post().counters(); }

}  // namespace compot::links
