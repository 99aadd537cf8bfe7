#include "core/bundle/manifest.hpp"

#include <gtest/gtest.h>

#include "core/base/random.hpp"
#include "core/bundle/trust.hpp"

namespace compot::bundle {
namespace {

crypto::Key key(std::uint8_t fill) {
    crypto::Key made{};
    made.fill(fill);
    return made;
}

const crypto::Key kRoot = key(1);
const crypto::Key kPublisher = key(2);
const crypto::Key kStranger = key(3);

/// A device that trusts kPublisher with everything, and a manifest that fits it.
class Trusting : public testing::Test {
protected:
    Trusting() {
        order(1, kEveryRole, 0);
        manifest.kind = Kind::FirmwarePatch;
        manifest.hardware = device.hardware = 77;
        manifest.base = device.installed = {1, 2, 3};
        manifest.version = 5;
        manifest.era = 2;
        manifest.publisher = publisher_id(crypto::signing_public(kPublisher));
        manifest.result_size = 240'000;
        manifest.payload_size = 400;
        manifest.piece_bytes = 180;
        manifest.pieces = 3;
        manifest.not_before = 100;
        manifest.not_after = 200;
    }

    void order(std::uint32_t sequence, std::uint8_t roles, std::uint16_t era_min) {
        ASSERT_TRUE(trust
                        .obey(TrustOrder::make(sequence, roles, era_min,
                                               crypto::signing_public(kPublisher), kRoot))
                        .ok());
    }

    Verdict judge() { return trust.judge(sign(manifest, kPublisher), device); }

    Trust trust{crypto::signing_public(kRoot)};
    Manifest manifest;
    Device device;
};

TEST_F(Trusting, a_manifest_that_fits_is_accepted_and_fits_a_strict_packet) {
    EXPECT_EQ(judge(), Verdict::Accepted);
    EXPECT_LE(12 + SignedManifest::Wire{}.size(), 165U);
    const auto wire = sign(manifest, kPublisher).serialise();
    const auto back = SignedManifest::parse(wire);
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(back->manifest, manifest);
}

TEST_F(Trusting, only_a_trusted_key_counts) {
    EXPECT_EQ(trust.judge(sign(manifest, kStranger), device), Verdict::BadSignature);
    manifest.publisher = publisher_id(crypto::signing_public(kStranger));
    EXPECT_EQ(trust.judge(sign(manifest, kStranger), device), Verdict::UnknownPublisher);
}

TEST_F(Trusting, versions_never_go_back) {
    ASSERT_TRUE(trust.installed(manifest).ok());
    EXPECT_EQ(judge(), Verdict::OldVersion);
    manifest.version = 4;
    EXPECT_EQ(judge(), Verdict::OldVersion);
    manifest.version = 6;
    EXPECT_EQ(judge(), Verdict::Accepted);
    manifest.version = 1;
    manifest.component = 9;  // counts on its own
    EXPECT_EQ(judge(), Verdict::Accepted);
}

TEST_F(Trusting, a_revoked_publisher_stays_revoked) {
    order(2, 0, 0);
    EXPECT_EQ(judge(), Verdict::Revoked);
    const auto again =
        TrustOrder::make(3, kEveryRole, 0, crypto::signing_public(kPublisher), kRoot);
    EXPECT_EQ(trust.obey(again).error(), Error::Refused);
}

TEST_F(Trusting, a_publisher_signs_only_what_its_role_allows) {
    order(2, role_of(Kind::Facts), 0);
    EXPECT_EQ(judge(), Verdict::WrongRole);
}

TEST_F(Trusting, a_new_era_ends_what_was_signed_before) {
    order(2, kEveryRole, 3);
    EXPECT_EQ(judge(), Verdict::OldEra);
    order(3, kEveryRole, 0);  // an era doesn't come back
    EXPECT_EQ(judge(), Verdict::OldEra);
    manifest.era = 3;
    EXPECT_EQ(judge(), Verdict::Accepted);
}

TEST_F(Trusting, orders_come_from_the_root_and_are_not_replayed) {
    const auto stranger = crypto::signing_public(kStranger);
    EXPECT_EQ(trust.obey(TrustOrder::make(2, 1, 0, stranger, kStranger)).error(), Error::Forged);
    EXPECT_EQ(trust.obey(TrustOrder::make(1, 1, 0, stranger, kRoot)).error(), Error::Stale);
}

TEST_F(Trusting, hardware_base_and_dates_must_fit) {
    device.hardware = 78;
    EXPECT_EQ(judge(), Verdict::WrongHardware);
    device.hardware = 77;
    device.installed = {9};
    EXPECT_EQ(judge(), Verdict::WrongBase);
    device.installed = manifest.base;
    device.now = 99;
    EXPECT_EQ(judge(), Verdict::NotYet);
    device.now = 201;
    EXPECT_EQ(judge(), Verdict::Expired);
    device.now = 200;
    EXPECT_EQ(judge(), Verdict::Accepted);
}

TEST_F(Trusting, terms_that_contradict_are_no_manifest) {
    const auto parses = [&] {
        return SignedManifest::parse(sign(manifest, kPublisher).serialise()).ok();
    };
    manifest.not_after = 100;
    EXPECT_FALSE(parses());
    manifest.not_after = 0;
    EXPECT_TRUE(parses());
    manifest.pieces = 2;
    EXPECT_FALSE(parses());
    manifest.pieces = 3;
    manifest.battery_min_percent = 101;
    EXPECT_FALSE(parses());
    manifest.battery_min_percent = 0;
    manifest.base = {};
    EXPECT_FALSE(parses());
}

TEST_F(Trusting, no_altered_manifest_is_accepted) {
    const auto wire = sign(manifest, kPublisher).serialise();
    for (std::size_t bit = 0; bit < wire.size() * 8; ++bit) {
        auto altered = wire;
        altered[bit / 8] = static_cast<std::uint8_t>(altered[bit / 8] ^ (1U << (bit % 8)));
        const auto parsed = SignedManifest::parse(altered);
        if (parsed.ok()) {
            EXPECT_NE(trust.judge(*parsed, device), Verdict::Accepted) << bit;
        }
    }
    for (std::size_t size = 0; size < wire.size(); ++size)
        EXPECT_FALSE(SignedManifest::parse(BytesView(wire).first(size)).ok());
}

TEST_F(Trusting, an_order_reads_back_and_refuses_rubbish) {
    const auto order = TrustOrder::make(7, 3, 2, kStranger, kRoot);
    const auto wire = order.serialise();
    const auto back = TrustOrder::parse(wire);
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(back->sequence, 7U);
    EXPECT_EQ(back->era_min, 2U);
    EXPECT_FALSE(TrustOrder::parse(BytesView(wire).first(50)).ok());
    auto other = wire;
    other[0] = 0;
    EXPECT_EQ(TrustOrder::parse(other).error(), Error::Unsupported);
}

}  // namespace
}  // namespace compot::bundle
