#include "apps/node_links.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "apps/serve.hpp"
#include "host/body/words.hpp"

namespace compot::apps {

void NodeLinks::open(Runner& runner, const stream_client::Address& radio,
                     const std::optional<stream_client::Address>& body) {
    runner_ = &runner;
    stream_client::Terms terms;
    terms.lossy = radio.kind == stream_client::Address::Kind::Serial;
    terms.wants_nodes = false;
    terms.seed = std::random_device{}();
    radio_ = std::make_unique<stream_client::Radio>(radio, terms, *this);
    for (const radio::Packet& packet : early_) radio_->send(packet);
    early_.clear();
    if (!body) return;
    body_ = std::make_unique<body::Mind>(
        *body, [this](const std::string& line) { heard_line(line); },
        [this](const std::string& sentence) {
            complain(sentence.empty() ? "the body is there" : "no body: " + sentence);
        });
}

void NodeLinks::close() {
    body_.reset();
    radio_.reset();
}

std::string NodeLinks::fatal() const {
    const std::lock_guard lock(mutex_);
    return fatal_;
}

void NodeLinks::send(const radio::Packet& packet) {
    if (radio_ == nullptr) return early_.push_back(packet);
    radio_->send(packet);
}

void NodeLinks::act(learn::Action action) {
    if (body_ != nullptr) body_->say(body::to_line(action));
}

void NodeLinks::complain(const std::string& sentence) {
    const std::lock_guard lock(mutex_);
    if (sentence == complained_) return;
    complained_ = sentence;
    fmt::print(stderr, "compotastic node: {}\n", sentence);
}

void NodeLinks::trouble(const std::string& sentence) {
    complain("no radio: " + sentence + "; it is tried again");
}

void NodeLinks::news(const stream_client::News& news) {
    using namespace stream_client;
    if (std::holds_alternative<Ready>(news)) runner_->post([this](World&) { radio_ready(); });
    if (const auto* heard = std::get_if<Heard>(&news))
        runner_->post([packet = heard->packet](World& world) {
            static_cast<NodeWorld&>(world).heard(packet);
        });
    if (const auto* taken = std::get_if<Taken>(&news);
        taken != nullptr && taken->error != mesh::RoutingError::NoError)
        complain(std::string("the radio did not take a packet: ") + mesh::to_string(taken->error));
    if (const auto* said = std::get_if<Said>(&news)) complain("the radio says: " + said->words);
}

void NodeLinks::radio_ready() {
    std::uint8_t channel = 0;
    const std::string problem = unfit(radio_->facts(), channel);
    if (problem.empty()) {
        runner_->post(
            [channel](World& world) { static_cast<NodeWorld&>(world).use_channel(channel); });
        return complain(fmt::format("the radio !{:08x} is there", setup_.terms.config.self.value));
    }
    {
        const std::lock_guard lock(mutex_);
        fatal_ = problem;
    }
    request_stop();
}

/// Frames prove who said them by the radio's number, and nobody hears them on another channel.
std::string NodeLinks::unfit(const stream_client::RadioFacts& facts, std::uint8_t& channel) const {
    const node::Config& config = setup_.terms.config;
    if (facts.self != config.self)
        return fmt::format("this radio is !{:08x}, but {} is enrolled with !{:08x}",
                           facts.self.value, setup_.terms.name, config.self.value);
    for (const auto& each : facts.channels) {
        const BytesView psk{each.settings.psk.bytes, each.settings.psk.size};
        const bool same = std::equal(psk.begin(), psk.end(), config.channel_key.begin(),
                                     config.channel_key.end());
        if (!same || setup_.channel_name != &each.settings.name[0]) continue;
        channel = static_cast<std::uint8_t>(each.index);
        return "";
    }
    return fmt::format(
        "the radio has no channel {} with the swarm's key: add it with a Meshtastic app",
        setup_.channel_name);
}

void NodeLinks::heard_line(const std::string& line) {
    const auto sensed = body::parse_sensed(line);
    if (!sensed) return complain("the body says what makes no sense: " + sensed.error());
    runner_->post([felt = *sensed](World& world) { static_cast<NodeWorld&>(world).felt(felt); });
}

}  // namespace compot::apps
