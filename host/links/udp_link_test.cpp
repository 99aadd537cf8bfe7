#include "host/links/udp_link.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/multicast.hpp>
#include <boost/asio/ip/udp.hpp>

#include "host/links/fixture.hpp"

namespace compot::links {
namespace {

namespace asio = boost::asio;
using asio::ip::udp;
using mesh::port::kPrivate;

/// A port of this process's own: others may test on this machine, too.
UdpAddress loopback() { return {"lo", static_cast<std::uint16_t>(20'000 + ::getpid() % 40'000)}; }

void say(const std::string& datagram) {
    asio::io_context io;
    udp::socket socket(io, udp::v4());
    socket.set_option(asio::ip::multicast::outbound_interface(asio::ip::address_v4::loopback()));
    socket.send_to(asio::buffer(datagram), {asio::ip::make_address("224.0.0.69"), loopback().port});
}

TEST(UdpLink, lets_nodes_of_one_network_hear_each_other) {
    Ear alpha_ear;
    Ear beta_ear;
    UdpLink alpha(loopback(), identity(1, "alpha"), alpha_ear);
    const UdpLink beta(loopback(), identity(2, "beta"), beta_ear);
    ASSERT_TRUE(comes([&] { return alpha_ear.ready() == 1 && beta_ear.ready() == 1; }));
    alpha.send(private_packet(7, "hello"));
    ASSERT_TRUE(comes([&] { return beta_ear.heard(kPrivate).size() == 1; }));
    const radio::Packet packet = beta_ear.heard(kPrivate)[0];
    EXPECT_EQ(words_in(packet), "hello");
    EXPECT_FALSE(packet.via_mqtt);
    EXPECT_EQ(packet.rssi_cdbm, 0);
    ASSERT_TRUE(comes([&] { return alpha.counters().packets.own >= 1; }));
    EXPECT_TRUE(alpha_ear.heard(kPrivate).empty());
}

TEST(UdpLink, survives_and_counts_whatever_else_is_sent_there) {
    Ear ear;
    const UdpLink link(loopback(), identity(2, "beta"), ear);
    ASSERT_TRUE(comes([&] { return ear.ready() == 1; }));
    const PacketBytes good = encode_packet(*Bare(identity(1, "")).seal(private_packet(7, "hello")));
    const std::string whole(good.begin(), good.end());
    say("");
    say("garbage");
    say(whole.substr(0, whole.size() / 2));
    say(whole + std::string(1000, '\0'));
    say(std::string(60'000, 'x'));
    say(whole);
    say(whole);
    ASSERT_TRUE(comes([&] { return link.counters().packets.again == 1; }));
    EXPECT_EQ(ear.heard(kPrivate).size(), 1U);
    EXPECT_EQ(link.counters().malformed, 5U);
}

TEST(UdpLink, says_which_interface_there_is_not) {
    Ear ear;
    const UdpLink link({"nonesuch", 4403}, identity(1, "alpha"), ear);
    ASSERT_TRUE(comes([&] { return !ear.troubles().empty(); }));
    EXPECT_NE(ear.troubles()[0].find("nonesuch"), std::string::npos);
    EXPECT_EQ(ear.ready(), 0);
}

TEST(UdpAddress, is_an_interface_and_a_port) {
    EXPECT_EQ(parse_udp("udp")->interface, "");
    EXPECT_EQ(parse_udp("udp")->port, 4403);
    EXPECT_EQ(parse_udp("udp:eth0")->interface, "eth0");
    EXPECT_EQ(parse_udp("udp:127.0.0.1:99")->interface, "127.0.0.1");
    EXPECT_EQ(parse_udp("udp:127.0.0.1:99")->port, 99);
    for (const char* wrong :
         {"udp:", "udp::1", "udp:lo:", "udp:lo:0", "udp:lo:65536", "udp:lo:x", "udpx"})
        EXPECT_FALSE(parse_udp(wrong)) << wrong;
}

}  // namespace
}  // namespace compot::links
