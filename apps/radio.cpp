#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <random>

#include "apps/command.hpp"
#include "apps/console.hpp"
#include "apps/radio_table.hpp"
#include "apps/radio_words.hpp"
#include "apps/serve.hpp"
#include "host/stream_client/devices.hpp"

/// compotastic radio: one look at, or one packet through, an attached Meshtastic radio.

namespace compot::apps {

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using Json = nlohmann::ordered_json;

/// The real acknowledgement comes after the radio's three attempts at the latest.
constexpr auto kAcknowledgedWithin = 90s;
constexpr auto kTakenWithin = 30s;
constexpr auto kDrawEvery = 500ms;

struct Options {
    std::string radio;
    double patience_s = 15;
    bool json = false;
    // listen
    std::uint32_t port = 0;
    std::uint64_t count = 0;
    double for_s = 0;
    bool lines = false;
    // send
    std::string text;
    std::string bytes;
    std::string to;
    std::uint8_t channel = 0;
    std::uint8_t hops = 3;
    bool ack = false;
};

struct Failed {
    std::string sentence;
};

int guarded(const std::string& command, const std::function<int()>& work) {
    try {
        return work();
    } catch (const Failed& failed) {
        fmt::print(stderr, "compotastic radio {}: {}\n", command, failed.sentence);
        return 1;
    }
}

std::unique_ptr<Console> open(const Options& options, bool wants_nodes) {
    const auto patience = std::chrono::milliseconds(static_cast<int>(options.patience_s * 1000));
    auto console = Console::open(options.radio, patience, wants_nodes);
    if (!console) throw Failed{console.error()};
    return *std::move(console);
}

int list(const Options& options) {
    const auto devices = stream_client::usb_serial_devices();
    if (options.json) {
        Json out = Json::array();
        for (const auto& device : devices)
            out.push_back({{"radio", "serial:" + device.path},
                           {"maker", device.maker},
                           {"product", device.product}});
        fmt::print("{}\n", out.dump());
        return 0;
    }
    for (const auto& device : devices)
        fmt::print("serial:{:<16} {} {}\n", device.path, device.maker, device.product);
    if (devices.empty())
        fmt::print(stderr, "no serial device is plugged in; a radio on the network is tcp:HOST\n");
    return 0;
}

int info(const Options& options) {
    const auto console = open(options, true);
    const auto facts = console->radio().facts();
    fmt::print("{}", options.json ? to_json(facts).dump() + "\n" : to_text(facts));
    return 0;
}

/// The table in its place until it is time; news and a second's end draw it again.
int watch(Console& console, const Options& options, steady_clock::time_point until) {
    const auto began = steady_clock::now();
    const auto now = [began] {
        return Time{std::chrono::duration_cast<Duration>(steady_clock::now() - began)};
    };
    RadioTable table(console.radio().facts(), now());
    std::uint64_t seen = 0;
    auto due = began;
    while (options.count == 0 || seen < options.count) {
        if (steady_clock::now() >= due) {
            winsize size{};
            const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 4;
            fmt::print("{}", table.draw(now(), known ? size.ws_col - 1U : 100U,
                                        known ? size.ws_row - 1U : 24U));
            std::fflush(stdout);
            due = steady_clock::now() + kDrawEvery;
        }
        if (steady_clock::now() >= until || stop_requested()) break;
        const auto news = console.next(std::min(due, until));
        const auto* heard = news ? std::get_if<stream_client::Heard>(&*news) : nullptr;
        if (heard == nullptr) continue;
        if (options.port != 0 && heard->packet.data.portnum != options.port) continue;
        table.hear(heard->packet, now());
        ++seen;
    }
    return 0;
}

int listen(const Options& options) {
    const bool table = ::isatty(STDOUT_FILENO) == 1 && !options.json && !options.lines;
    const auto console = open(options, table);
    const auto until = options.for_s > 0
                           ? steady_clock::now() +
                                 std::chrono::milliseconds(static_cast<int>(options.for_s * 1000))
                           : steady_clock::time_point::max();
    if (table) return watch(*console, options, until);
    for (std::uint64_t seen = 0; options.count == 0 || seen < options.count;) {
        const auto news = console->next(until);
        if (!news) break;
        const auto* heard = std::get_if<stream_client::Heard>(&*news);
        if (heard == nullptr) continue;
        const radio::Packet& packet = heard->packet;
        if (options.port != 0 && packet.data.portnum != options.port) continue;
        fmt::print("{}", options.json ? to_json(packet).dump() + "\n" : to_text(packet));
        std::fflush(stdout);
        ++seen;
    }
    return 0;
}

NodeId node_named(const std::string& text) {
    if (text.empty()) return kBroadcast;
    const std::string digits = text[0] == '!' ? text.substr(1) : text;
    std::size_t used = 0;
    unsigned long value = 0;
    try {
        value = std::stoul(digits, &used, 16);
    } catch (const std::exception&) {
        used = 0;
    }
    if (used != digits.size() || used == 0 || used > 8)
        throw Failed{fmt::format("--to {}: a node is written !1234abcd", text)};
    return NodeId{static_cast<std::uint32_t>(value)};
}

std::vector<std::uint8_t> payload_of(const Options& options) {
    if (options.bytes.empty()) return {options.text.begin(), options.text.end()};
    if (!options.text.empty()) throw Failed{"a text or --hex, not both"};
    std::vector<std::uint8_t> payload;
    if (options.bytes.size() % 2 != 0 ||
        options.bytes.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos)
        throw Failed{"--hex: pairs of hexadecimal digits"};
    for (std::size_t i = 0; i < options.bytes.size(); i += 2)
        payload.push_back(
            static_cast<std::uint8_t>(std::stoi(options.bytes.substr(i, 2), nullptr, 16)));
    return payload;
}

radio::Packet packet_of(const Options& options) {
    radio::Packet packet;
    packet.to = node_named(options.to);
    std::random_device random;
    packet.id = PacketId{random() | 1U};
    packet.channel = options.channel;
    packet.hop_limit = options.hops;
    packet.want_ack = options.ack;
    const bool text = options.bytes.empty();
    packet.data.portnum =
        options.port != 0 ? options.port : (text ? mesh::port::kText : mesh::port::kPrivate);
    const auto payload = payload_of(options);
    if (payload.empty()) throw Failed{"nothing to send: give a text or --hex"};
    if (!packet.data.payload.assign(payload))
        throw Failed{fmt::format("{} bytes are too many for one packet (at most {})",
                                 payload.size(), mesh::kDataPayloadMax)};
    return packet;
}

/// What the radio, or the mesh, says about the packet: NoError is success.
mesh::RoutingError wait_for_end(Console& console, const radio::Packet& packet, NodeId& by) {
    bool taken = false;
    const auto began = steady_clock::now();
    const auto taken_until = began + kTakenWithin;
    const auto acknowledged_until = began + kAcknowledgedWithin;
    while (const auto news = console.next(taken ? acknowledged_until : taken_until)) {
        if (const auto* what = std::get_if<stream_client::Taken>(&*news);
            what != nullptr && what->id == packet.id) {
            if (what->error != mesh::RoutingError::NoError || !packet.want_ack) return what->error;
            taken = true;
        }
        const auto* heard = std::get_if<stream_client::Heard>(&*news);
        if (heard == nullptr || heard->packet.data.portnum != mesh::port::kRouting ||
            heard->packet.data.request_id != packet.id.value)
            continue;
        const auto error = mesh::routing_error(heard->packet.data.payload.view());
        if (!error) continue;
        // That a neighbour repeated it is no answer yet when one node was meant.
        const bool own = heard->packet.from == console.radio().facts().self;
        if (*error == mesh::RoutingError::NoError && own && packet.to != kBroadcast) continue;
        by = heard->packet.from;
        return *error;
    }
    return mesh::RoutingError::Timeout;
}

int send(const Options& options) {
    const radio::Packet packet = packet_of(options);
    const auto console = open(options, false);
    const auto channels = console->radio().facts().channels;
    if (std::none_of(channels.begin(), channels.end(),
                     [&](const auto& each) { return each.index == packet.channel; }))
        throw Failed{fmt::format("the radio has no channel {}", options.channel)};
    console->radio().send(packet);
    NodeId by;
    const auto error = wait_for_end(*console, packet, by);
    const std::string id = fmt::format("{:08x}", packet.id.value);
    if (error != mesh::RoutingError::NoError)
        throw Failed{fmt::format("packet {} failed: {}", id, mesh::to_string(error))};
    if (options.json) {
        Json out{{"id", id}, {"taken", true}};
        if (options.ack) out["acknowledged_by"] = fmt::format("!{:08x}", by.value);
        fmt::print("{}\n", out.dump());
    } else if (options.ack) {
        fmt::print("packet {} was acknowledged by !{:08x}\n", id, by.value);
    } else {
        fmt::print("packet {} is in the radio's queue\n", id);
    }
    return 0;
}

void add_common(CLI::App& command, Options& options) {
    command.add_option("--radio", options.radio, "tcp:HOST, tcp:HOST:PORT or serial:DEVICE")
        ->required();
    command.add_option("--timeout", options.patience_s, "Seconds that the radio has to answer")
        ->check(CLI::Range(0.1, 3600.0))
        ->capture_default_str();
}

}  // namespace

void add_radio(Program& program) {
    auto options = std::make_shared<Options>();
    CLI::App* group =
        program.cli.add_subcommand("radio", "Look at, or send through, a Meshtastic radio");
    group->require_subcommand(1);
    const auto add = [&](const std::string& name, const std::string& what,
                         int (*work)(const Options&)) {
        CLI::App* command = group->add_subcommand(name, what);
        command->add_flag("--json", options->json, "Print JSON");
        command->callback([&program, options, name, work] {
            program.exit_status = guarded(name, [&] { return work(*options); });
        });
        return command;
    };
    add("list", "Serial devices that could be radios", list);
    add_common(*add("info", "What the radio says of itself, its channels and its mesh", info),
               *options);
    CLI::App* listening = add("listen",
                              "What the radio hears: a table of its nodes on a terminal, else a "
                              "line for each packet",
                              listen);
    add_common(*listening, *options);
    listening->add_option("--port", options->port, "Only packets of this port number");
    listening->add_flag("--lines", options->lines, "A line for each packet on a terminal, too");
    listening->add_option("--count", options->count, "End after so many packets");
    listening->add_option("--for", options->for_s, "End after so many seconds")
        ->check(CLI::Range(0.1, 1e6));
    CLI::App* sending = add("send", "Send one packet", send);
    add_common(*sending, *options);
    sending->add_option("text", options->text, "What to send");
    sending->add_option("--hex", options->bytes, "Bytes to send instead, on port 256");
    sending->add_option("--to", options->to, "A node, as !1234abcd; without it everybody");
    sending->add_option("--port", options->port, "Another port number than 1 (text)")
        ->check(CLI::Range(1U, mesh::port::kMax));
    sending->add_option("--channel", options->channel, "Index of the radio's channel")
        ->check(CLI::Range(0, 7));
    sending->add_option("--hops", options->hops, "Hop limit")->check(CLI::Range(0, 7));
    sending->add_flag("--ack", options->ack, "Wait until it is acknowledged");
}

}  // namespace compot::apps
