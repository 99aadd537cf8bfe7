#include "sim/scenario/enrolment.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "core/base/check.hpp"
#include "core/crypto/crypto.hpp"

namespace compot::scenario {

namespace {

crypto::Key secret_of(const std::string& phrase, std::string_view purpose, std::string_view name) {
    const std::string text = phrase + '\0' + std::string(purpose) + '\0' + std::string(name);
    const std::vector<std::uint8_t> bytes(text.begin(), text.end());
    return crypto::digest(bytes);
}

/// As 2.8 radios do: a number out of the public key. 0 to 3 and the broadcast number are reserved.
NodeId number_of(const crypto::Key& exchange_public) {
    const crypto::Digest digest = crypto::digest(exchange_public);
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value |= std::uint32_t{digest[i]} << (8 * i);
    return NodeId{value < 4 || value == kBroadcast.value ? value ^ 0x5A5A5A5AU : value};
}

/// Hashes that other Meshtastic traffic may carry: none, a preset's public channel, and the latter
/// as a radio sees it that expands another default key.
bool hash_is_taken(std::uint8_t hash) {
    if (hash == 0) return true;
    for (std::uint32_t number = 0; number <= air::kPresetNumberMax; ++number) {
        const auto preset = air::preset_numbered(number);
        if (!preset) continue;
        const std::uint8_t taken = radio::default_channel(air::name(*preset)).hash;
        if (hash == taken || hash == (taken ^ 0xAEU)) return true;
    }
    return false;
}

radio::Channel channel_of(const Scenario& scenario) {
    for (int draw = 0;; ++draw) {
        const crypto::Key key = secret_of(scenario.secret, "channel", std::to_string(draw));
        const auto channel = radio::make_channel(scenario.channel_name, key);
        COMPOT_CHECK(channel.ok());
        if (!hash_is_taken(channel->hash)) return *channel;
    }
}

node::Member member_of(const Scenario& scenario, const NodePlan& plan) {
    node::Member member;
    member.exchange_public =
        crypto::exchange_public(secret_of(scenario.secret, "exchange", plan.name));
    member.signing_public =
        crypto::signing_public(secret_of(scenario.secret, "signing", plan.name));
    member.id = number_of(member.exchange_public);
    member.role = plan.role;
    member.publishes_facts = plan.publishes_facts;
    member.call(plan.name);
    return member;
}

}  // namespace

Enrolment enrol(const Scenario& scenario) {
    Enrolment enrolment;
    enrolment.channel = channel_of(scenario);
    node::Config common;
    std::copy(enrolment.channel.key.begin(), enrolment.channel.key.end(),
              common.channel_key.begin());
    for (const NodePlan& plan : scenario.nodes) common.members.push(member_of(scenario, plan));
    for (const learn::Cell site : scenario.sites) common.sites.push(site);
    for (const ObstaclePlan& obstacle : scenario.obstacles) {
        if (obstacle.known) common.facts.push(learn::Fact{obstacle.at, obstacle.what});
    }
    const crypto::Key authority = secret_of(scenario.secret, "authority", "");
    common.authority = crypto::signing_public(authority);
    common.modem = air::modem(scenario.preset);
    common.purse = scenario.purse;
    common.timing = scenario.timing;
    common.hop_limit = scenario.hop_limit;
    common.confidence_permille = scenario.confidence_permille;
    for (std::size_t i = 0; i < scenario.nodes.size(); ++i) {
        const NodePlan& plan = scenario.nodes[i];
        node::Config config = common;
        config.self = common.members[i].id;
        config.role = plan.role;
        config.exchange_secret = secret_of(scenario.secret, "exchange", plan.name);
        config.signing_seed = secret_of(scenario.secret, "signing", plan.name);
        config.duties = plan.duties;
        config.envelope = plan.envelope;
        config.envelope.device = config.self;
        learn::sign(config.envelope, authority, common.authority);
        if (const auto held = scenario.node_named(plan.holds_batches_for)) {
            config.duties.holds_batches_for = common.members[*held].id;
        }
        for (const learn::Cell waypoint : plan.waypoints) config.waypoints.push(waypoint);
        enrolment.nodes.push_back(config);
    }
    return enrolment;
}

}  // namespace compot::scenario
