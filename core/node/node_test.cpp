#include "core/node/testbed.hpp"

namespace compot::node {
namespace {

using learn::TileClass;

TEST(Node, tells_what_its_bench_can_do) {
    Swarm swarm;
    swarm.bodies[kCompot].config->bench.capabilities = registry::kAccelerator;
    swarm.bodies[kCompot].config->bench.models.push(0x11);
    swarm.start();
    const auto* own = swarm.bodies[kCompot].node->registry().find(kCompot);
    ASSERT_NE(own, nullptr);
    EXPECT_TRUE(own->record.can(registry::kAccelerator | registry::kSceneModel));
    ASSERT_EQ(own->record.models.size(), 1U);
    EXPECT_EQ(own->record.models[0], 0x11U);
}

TEST(Node, fits_the_memory_of_a_cat) { EXPECT_LE(sizeof(Node), 32U * 1024U) << sizeof(Node); }

/// A second swarm of the same enrolment, out of earshot: what its Compot signs is handed over.
TEST(Learned, a_request_is_answered_and_the_answer_said_to_who_asked) {
    Swarm far;
    far.bodies[kCompot].config->known = {learn::Fact{kObstacle, TileClass::Immovable}};
    far.start();
    profile::AssistRequest request;
    request.nonce = 0x77;
    const Node asker(*far.bodies[kBeta].config);
    request.facts_digest = asker.facts().digest();
    std::array<std::uint8_t, profile::kFrameBytesMax> body{};
    const auto size = profile::encode_body(request, body);
    ASSERT_TRUE(size.ok());
    Learned learned;
    learned.from = kBeta;
    learned.what = static_cast<std::uint8_t>(profile::MessageType::AssistRequest);
    learned.body = BytesView{body}.first(*size);
    far.give(kCompot, learned);
    ASSERT_EQ(far.bodies[kCompot].node->evidence().size(), 1U);
    const learn::DeltaBytes facts = far.bodies[kCompot].node->evidence()[0];

    Swarm near;
    near.start();
    learned.what = static_cast<std::uint8_t>(profile::MessageType::Facts);
    learned.body = facts.view();
    near.log.clear();
    near.give(kAlpha, learned);
    EXPECT_EQ(near.bodies[kAlpha].node->evidence().size(), 1U);
    const auto says_facts = [](const Swarm::Frame& frame) {
        return frame.send.kind == static_cast<std::uint8_t>(profile::MessageType::Facts);
    };
    EXPECT_EQ(std::count_if(near.log.begin(), near.log.end(), says_facts), 1);
}

TEST(Learned, what_nobody_signed_or_vouches_for_is_not_believed) {
    Swarm swarm;
    swarm.start();
    const std::uint64_t before = swarm.bodies[kAlpha].node->ledger().digest();
    ledger::Ledger forger;
    auto entry =
        *forger.append({kBeta, key_of(kGamma, 2), crypto::signing_public(key_of(kGamma, 2))},
                       ledger::Kind::Joined, ledger::write_body(ledger::JoinedBody{}), 1);
    const auto bytes = ledger::encode(entry);
    Learned learned;
    learned.what = static_cast<std::uint8_t>(profile::MessageType::LedgerEntry);
    learned.body = bytes.view();
    swarm.give(kAlpha, learned);
    EXPECT_EQ(swarm.bodies[kAlpha].node->ledger().digest(), before);

    registry::Record record;
    record.node = NodeId{0x99};  // not enrolled
    record.version = 1;
    const auto stranger = registry::encode(record);
    learned.what = static_cast<std::uint8_t>(profile::MessageType::Capability);
    learned.body = stranger.view();
    swarm.give(kAlpha, learned);
    EXPECT_EQ(swarm.bodies[kAlpha].node->registry().find(record.node), nullptr);
    record.node = kGamma;
    record.version = 0x7000;
    const auto known = registry::encode(record);
    learned.body = known.view();
    swarm.give(kAlpha, learned);
    ASSERT_NE(swarm.bodies[kAlpha].node->registry().find(kGamma), nullptr);
    EXPECT_EQ(swarm.bodies[kAlpha].node->registry().find(kGamma)->record.version, 0x7000);

    for (unsigned what = 0; what < 256; ++what) {  // a type that can't be learned, or no whole body
        learned.what = static_cast<std::uint8_t>(what);
        learned.body = BytesView{known.view()}.first(3);
        swarm.give(kAlpha, learned);
        swarm.give(kCompot, learned);
    }
    EXPECT_EQ(swarm.bodies[kAlpha].node->ledger().digest(), before);
}

}  // namespace
}  // namespace compot::node
