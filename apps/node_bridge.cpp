#include "apps/node_bridge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <utility>

#include "apps/measure.hpp"
#include "core/base/bytes.hpp"
#include "edge/scene/compact.hpp"

namespace compot::apps {

namespace {

/// How often this bridge was started; the site's own keys begin at 0x0100.
constexpr std::uint16_t kEpoch = 0x0001;
/// What comes while the link is down waits at the broker for so long.
constexpr auto kSession = std::chrono::hours(24);

void say(const std::string& sentence) {
    fmt::print(stderr, "compotastic node: bridge: {}\n", sentence);
}

Result<Pictures, std::string> pictures_named(const std::string& name) {
    if (name == "unsure") return Pictures::Unsure;
    if (name == "all") return Pictures::All;
    if (name == "none") return Pictures::None;
    return "no pictures are called " + name + "; there are unsure, all and none";
}

std::uint64_t entropy() {
    std::random_device device;
    return std::uint64_t{device()} << 32U | device();
}

}  // namespace

Result<BridgeTerms, std::string> parse_bridge(const std::string& url, const std::string& profile,
                                              const std::string& pictures) {
    const auto broker = mqtt::parse_broker(url);
    if (!broker) return broker.error();
    BridgeTerms terms;
    terms.broker = *broker;
    terms.site = broker->path;
    const bool named = !terms.site.empty() && terms.site.size() <= 32 &&
                       std::all_of(terms.site.begin(), terms.site.end(), [](unsigned char letter) {
                           return std::isalnum(letter) != 0 || letter == '-' || letter == '_';
                       });
    if (!named) return url + ": a site's name must follow, of letters and digits: mqtt://HOST/SITE";
    const auto link = bridge::profile_named(profile);
    if (!link) return link.error();
    terms.link = *link;
    const auto which = pictures_named(pictures);
    if (!which) return which.error();
    terms.pictures = *which;
    return terms;
}

Result<std::unique_ptr<NodeBridge>, std::string> NodeBridge::create(const BridgeTerms& terms,
                                                                    const node::Config& config,
                                                                    const std::string& data_dir) {
    if (config.role != node::Role::Edge)
        return std::string("a bridge stands beside an edge node, and this one is a cat");
    const auto credentials = mqtt::credentials_from_environment();
    if (!credentials) return credentials.error();
    std::unique_ptr<NodeBridge> made(new NodeBridge());
    made->terms_ = terms;
    made->connection_.credentials = *credentials;
    made->connection_.client_id =
        fmt::format("compotastic-{}-{:08x}", terms.site, config.self.value);
    made->connection_.session = kSession;
    auto store = store::Store::open(data_dir + "/bridge.db");
    if (!store) return store.error();
    made->store_ = *std::move(store);
    const auto records = made->store_->records();
    if (!records) return records.error();
    bridge::Terms site;
    for (const auto& [key, value] : *records) {
        if (key == kEpoch) site.epoch = ByteReader(value).u32() + 1;
    }
    // Before a word is said: a number that was used before would be a nonce used twice.
    std::vector<std::uint8_t> epoch(4);
    ByteWriter(epoch).u32(site.epoch);
    if (const auto kept = made->store_->keep({{kEpoch, epoch}}); !kept) return kept.error();
    site.config = config;
    site.link = terms.link;
    site.entropy = entropy();
    for (const node::Member& member : config.members)
        site.helps = site.helps || (member.id == config.self && member.publishes_facts);
    site.looks = site.helps && config.duties.classifies && terms.pictures != Pictures::All;
    made->site_ = std::make_unique<bridge::Site>(site, *made);
    for (const auto& [key, value] : *records) made->site_->restore({key, value});
    return made;
}

void NodeBridge::attach(NodeWorld& world) {
    world_ = &world;
    world.set_beside(this);
}

void NodeBridge::open(Runner& runner, std::unique_ptr<scene::SceneClassifier> classifier) {
    runner_ = &runner;
    bench_ = std::make_unique<Bench>(std::move(classifier), nullptr);
    client_ = std::make_unique<mqtt::Client>(terms_.broker, connection_, *this);
    for (const std::string& filter : site_->subscriptions())
        client_->subscribe(filter, mqtt::Quality::AtLeastOnce);
}

void NodeBridge::close() {
    client_.reset();
    bench_.reset();
    waiting_.clear();
    if (world_ != nullptr) world_->set_beside(nullptr);
}

void NodeBridge::told(const node::Event& event, const node::Effects& effects, Time now) {
    site_->told(event, effects, now);
}

Time NodeBridge::wake_at() const { return site_->wake_at(); }

void NodeBridge::wake(Time now) {
    site_->wake(now);
    carry();
}

void NodeBridge::look(const scene::Image& image, scene::OnSeen seen) {
    const auto& link = terms_.link;
    const bool posted = runner_->post(
        [this, seen,
         jpeg = scene::compact_jpeg(image, link.picture_side, link.picture_bytes)](World& world) {
            const auto id = site_->look(jpeg, world.now());
            if (!id) return seen(scene::Failure{Error::NotReady, id.error()});
            waiting_[*id].push_back(seen);
        });
    if (!posted) seen(scene::Failure{Error::NotReady, "too much waits for the bridge"});
}

void NodeBridge::seen(bridge::JobId id, const std::optional<scene::Scene>& scene) {
    const auto told = waiting_.extract(id);
    if (told.empty()) return;
    for (const scene::OnSeen& each : told.mapped()) {
        if (scene) {
            each(*scene);
        } else {
            each(scene::Failure{Error::NotReady, "no Compot elsewhere looked at the picture"});
        }
    }
}

void NodeBridge::look(bridge::JobId id, const bridge::ByteString& jpeg) {
    Bench::Order order;
    order.file = jpeg;
    order.seen = [this, id](const Bench::Seen& seen) {
        if (!seen.scene) say("a picture of another site: " + seen.scene.error().sentence);
        const auto scene = seen.scene ? std::optional(*seen.scene) : std::nullopt;
        (void)runner_->post(
            [this, id, scene](World& world) { site_->looked(id, scene, world.now()); });
    };
    bench_->look_at(std::move(order));
}

void NodeBridge::measure(web::Metrics& metrics) const {
    bridge::Site::Counters counted;
    {
        const std::lock_guard lock(mutex_);
        counted = counted_;
    }
    apps::measure(counted, metrics);
}

/// Envelopes go only once what they say is kept.
void NodeBridge::carry() {
    std::vector<store::Record> records;
    for (bridge::Record& record : site_->take_records())
        records.emplace_back(record.key, std::move(record.value));
    if (!records.empty()) {
        const auto kept = store_->keep(records);
        if (!kept && !store_failed_) say(kept.error() + "; until then jobs may be done twice");
        store_failed_ = !kept;
    }
    for (const std::string& line : site_->take_news()) say(line);
    for (const bridge::Out& out : site_->take_output()) {
        if (client_ == nullptr || store_failed_) continue;
        mqtt::Message message;
        message.topic = out.topic;
        message.payload.assign(out.envelope.begin(), out.envelope.end());
        message.retained = out.retained;
        (void)client_->publish(message);
    }
    const std::lock_guard lock(mutex_);
    counted_ = site_->counters();
}

void NodeBridge::up() {
    (void)runner_->post([this](World& world) { site_->link(true, world.now()); });
}

void NodeBridge::trouble(const std::string& sentence) {
    say(sentence);
    (void)runner_->post([this](World& world) { site_->link(false, world.now()); });
}

void NodeBridge::heard(const mqtt::Message& message) {
    (void)runner_->post([this, payload = message.payload](World& world) {
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes that came as text
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(payload.data());
        site_->heard({bytes, payload.size()}, world.now());
    });
}

}  // namespace compot::apps
