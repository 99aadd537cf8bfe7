#include "apps/node_links.hpp"

#include <fmt/format.h>

#include "apps/measure.hpp"
#include "apps/serve.hpp"

namespace compot::apps {

void NodeLinks::open(Runner& runner, const std::vector<WayAddress>& ways,
                     const mqtt::Credentials& credentials,
                     const std::optional<stream_client::Address>& body,
                     std::unique_ptr<scene::SceneClassifier> classifier,
                     scene::Elsewhere* elsewhere) {
    runner_ = &runner;
    links::Identity identity;
    identity.self = setup_.terms.config.self;
    identity.name = setup_.terms.name;
    identity.hop_limit = setup_.terms.config.hop_limit;
    const auto channel = radio::make_channel(setup_.channel_name, setup_.terms.config.channel_key);
    COMPOT_CHECK(channel.ok());
    identity.channel = *channel;
    fit_ = ways.size();
    for (const WayAddress& address : ways)
        ways_.push_back(std::make_unique<Way>(address, credentials, identity, *this));
    for (const radio::Packet& packet : early_) send(packet);
    early_.clear();
    if (!body) return;
    bench_ = std::make_unique<Bench>(std::move(classifier), elsewhere,
                                     setup_.terms.config.confidence_permille);
    body_ = std::make_unique<body::Mind>(
        *body, [this](const std::string& line) { heard_line(line); },
        [this](const std::string& sentence) {
            say("body", sentence.empty() ? "the body is there" : "no body: " + sentence);
        });
}

void NodeLinks::close() {
    body_.reset();
    bench_.reset();
    ways_.clear();
}

std::string NodeLinks::fatal() const {
    const std::lock_guard lock(mutex_);
    return fatal_;
}

void NodeLinks::measure(web::Metrics& metrics) const {
    for (const auto& way : ways_) apps::measure(*way, metrics);
}

void NodeLinks::send(const radio::Packet& packet) {
    if (ways_.empty()) return early_.push_back(packet);
    for (const auto& way : ways_) way->send(packet);
}

void NodeLinks::act(learn::Action action) {
    if (body_ != nullptr) body_->say(body::to_line(action));
}

void NodeLinks::complain(const std::string& sentence) { say("node", sentence); }

void NodeLinks::say(const std::string& about, const std::string& sentence) {
    const std::lock_guard lock(mutex_);
    if (sentence == complained_[about]) return;
    complained_[about] = sentence;
    fmt::print(stderr, "compotastic node: {}\n", sentence);
}

void NodeLinks::told(Way& way, const std::string& sentence) {
    const std::string name = to_string(way.address());
    // The one radio of a node needs no name.
    const bool alone = setup_.radios.size() <= 1 && way.radio() != nullptr;
    say(name, alone ? sentence : name + ": " + sentence);
}

void NodeLinks::heard(Way&, const radio::Packet& packet) {
    {
        const std::lock_guard lock(mutex_);
        if (!seen_.first(packet.from, packet.id)) return;
    }
    runner_->post([packet](World& world) { static_cast<NodeWorld&>(world).heard(packet); });
}

/// With another way left the node goes on.
void NodeLinks::unfit(Way& way, const std::string& sentence) {
    {
        const std::lock_guard lock(mutex_);
        if (--fit_ == 0) fatal_ = sentence;
    }
    if (fatal().empty()) return told(way, sentence + "; it is not used");
    request_stop();
}

void NodeLinks::look(learn::Action way) {
    if (body_ != nullptr) body_->say(body::look_line(way));
}

void NodeLinks::look_at(body::Picture picture) {
    const learn::Cell of = picture.of;
    Bench::Order order;
    order.file = std::move(picture.png);
    order.seen = [this, of](const Bench::Seen& seen) {
        runner_->post([of, seen](World& world) {
            static_cast<NodeWorld&>(world).looked(of, seen.image, seen.scene);
        });
    };
    order.passed_on = [this, of] {
        runner_->post([of](World& world) { static_cast<NodeWorld&>(world).passed_on(of); });
    };
    bench_->look_at(std::move(order));
}

void NodeLinks::heard_line(const std::string& line) {
    if (body::is_picture(line)) {
        auto picture = body::parse_picture(line);
        if (!picture) return say("body", "the body's picture makes no sense: " + picture.error());
        return look_at(*std::move(picture));
    }
    const auto sensed = body::parse_sensed(line);
    if (!sensed) return say("body", "the body says what makes no sense: " + sensed.error());
    runner_->post([felt = *sensed](World& world) { static_cast<NodeWorld&>(world).felt(felt); });
}

}  // namespace compot::apps
