#include "host/links/multicast.hpp"

#include <fmt/format.h>
#include <ifaddrs.h>
#include <net/if.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/multicast.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <charconv>

namespace compot::links {

namespace {

namespace asio = boost::asio;
using asio::ip::udp;
using Address = asio::ip::address_v4;
using ErrorCode = boost::system::error_code;

constexpr auto kAgain = std::chrono::seconds(5);

Address group() { return asio::ip::make_address_v4("224.0.0.69"); }

/// Its first IPv4 address. ERRORS: one sentence.
Result<Address, std::string> address_of(const std::string& interface) {
    ErrorCode none;
    const auto literal = asio::ip::make_address_v4(interface, none);
    if (!none) return literal;
    ::ifaddrs* list = nullptr;
    if (::getifaddrs(&list) != 0) return std::string("the interfaces can't be listed");
    Result<Address, std::string> found = "udp: no interface is called " + interface +
                                         ", or it has no IPv4 address; see `ip -4 addr`";
    for (const ::ifaddrs* each = list; each != nullptr; each = each->ifa_next) {
        if (each->ifa_addr == nullptr || each->ifa_addr->sa_family != AF_INET) continue;
        if (interface != each->ifa_name) continue;
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the family says what it is
        const auto* inet = reinterpret_cast<const ::sockaddr_in*>(each->ifa_addr);
        found = Address(ntohl(inet->sin_addr.s_addr));
        break;
    }
    ::freeifaddrs(list);
    return found;
}

}  // namespace

Result<UdpAddress, std::string> parse_udp(const std::string& text) {
    UdpAddress address;
    if (text == "udp") return address;
    const std::string rest = text.starts_with("udp:") ? text.substr(4) : "";
    const std::size_t colon = rest.find(':');
    address.interface = rest.substr(0, colon);
    if (address.interface.empty())
        return fmt::format("radio {}: write udp, udp:INTERFACE or udp:INTERFACE:PORT", text);
    if (colon == std::string::npos) return address;
    const char* begin = rest.data() + colon + 1;
    const char* end = rest.data() + rest.size();
    const auto parsed = std::from_chars(begin, end, address.port);
    if (parsed.ec != std::errc{} || parsed.ptr != end || address.port == 0)
        return fmt::format("radio {}: {} is no port (1 to 65535)", text, begin);
    return address;
}

class Multicast::Inside final {
public:
    Inside(asio::io_context& io, UdpAddress address, Listener listener)
        : address_(std::move(address)),
          to_(group(), address_.port),
          listener_(std::move(listener)),
          socket_(io),
          again_(io) {
        asio::post(io, [this] { open(); });
    }

    bool send(const Carried& carried) {
        const PacketBytes bytes = encode_packet(carried);
        ErrorCode error;
        socket_.send_to(asio::buffer(bytes.data(), bytes.size()), to_, 0, error);
        if (error) listener_.trouble("udp: a packet can't be sent: " + error.message());
        return !error;
    }

private:
    void open() {
        const std::string problem = try_to_open();
        if (problem.empty()) {
            listener_.up();
            return read();
        }
        broken(problem);
    }

    /// ERRORS: one sentence.
    std::string try_to_open() {
        Address interface;  // 0.0.0.0: the system chooses
        if (!address_.interface.empty()) {
            const auto found = address_of(address_.interface);
            if (!found) return found.error();
            interface = *found;
        }
        try {
            socket_ = udp::socket(socket_.get_executor(), udp::v4());
            // Other programs on this machine may listen to the mesh, too.
            socket_.set_option(udp::socket::reuse_address(true));
            socket_.bind(to_);
            socket_.set_option(asio::ip::multicast::join_group(group(), interface));
            if (!interface.is_unspecified())
                socket_.set_option(asio::ip::multicast::outbound_interface(interface));
            socket_.set_option(asio::ip::multicast::enable_loopback(true));
            socket_.set_option(asio::ip::multicast::hops(1));
            socket_.non_blocking(true);
        } catch (const boost::system::system_error& error) {
            return fmt::format("udp: {}:{} can't be joined: {}", to_.address().to_string(),
                               to_.port(), error.code().message());
        }
        return "";
    }

    void read() {
        socket_.async_receive(asio::buffer(datagram_), [this](ErrorCode error, std::size_t bytes) {
            if (error) return broken("udp: " + error.message());
            listener_.heard(packet_in(bytes));
            read();
        });
    }

    /// Levels in it are those at another radio.
    Result<Carried> packet_in(std::size_t bytes) const {
        if (bytes > kPacketBytesMax) return Error::TooBig;
        auto carried = decode_packet(BytesView{datagram_}.first(bytes));
        if (carried) carried->rssi_cdbm = carried->snr_cdb = 0;
        return carried;
    }

    void broken(const std::string& why) {
        ErrorCode ignored;
        socket_.close(ignored);
        listener_.down();
        listener_.trouble(why);
        again_.expires_after(kAgain);
        again_.async_wait([this](ErrorCode error) {
            if (!error) open();
        });
    }

    UdpAddress address_;
    udp::endpoint to_;
    Listener listener_;
    std::array<std::uint8_t, kPacketBytesMax + 1> datagram_{};  // one more: too long is seen
    udp::socket socket_;
    asio::steady_timer again_;
};

Multicast::Multicast(asio::io_context& io, UdpAddress address, Listener listener)
    : inside_(std::make_unique<Inside>(io, std::move(address), std::move(listener))) {}

Multicast::~Multicast() = default;

bool Multicast::send(const Carried& carried) { return inside_->send(carried); }

}  // namespace compot::links
