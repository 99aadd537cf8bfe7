#include <gtest/gtest.h>

#include <algorithm>

#include "edge/bundle/bundle_file.hpp"
#include "edge/bundle/catalogue.hpp"
#include "edge/patch/maker.hpp"

namespace compot::bundles {
namespace {

crypto::Key seed() {
    crypto::Key made{};
    made.fill(4);
    return made;
}

Bundle sample() {
    Terms terms;
    terms.version = 3;
    terms.hardware = "nrf52840";
    const std::vector<std::uint8_t> payload(500, 9);
    const auto manifest = describe(terms, payload, {}, payload, crypto::signing_public(seed()));
    return {bundle::sign(*manifest, seed()), payload};
}

TEST(BundleFile, reads_back_what_was_written) {
    const Bundle made = sample();
    const auto bytes = made.serialise();
    const auto back = Bundle::parse(bytes);
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(back->payload, made.payload);
    EXPECT_EQ(back->manifest.manifest.pieces, 3U);
    EXPECT_TRUE(back->manifest.is_signed_by(crypto::signing_public(seed())));
}

TEST(BundleFile, refuses_another_payload_and_every_cut) {
    auto bytes = sample().serialise();
    bytes.back() ^= 1;
    EXPECT_EQ(Bundle::parse(bytes).error(), Error::Forged);
    bytes.back() ^= 1;
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(Bundle::parse(BytesView(bytes).first(size)).ok());
    bytes.push_back(0);
    EXPECT_EQ(Bundle::parse(bytes).error(), Error::Malformed);
}

TEST(Catalogue, makes_a_patch_once_for_all_that_run_the_same) {
    Catalogue catalogue;
    std::vector<std::uint8_t> image(2000, 7);
    const auto old_digest = catalogue.add(image);
    image[1000] = 8;
    const auto new_digest = catalogue.add(image);
    catalogue.runs(NodeId{1}, old_digest);
    catalogue.runs(NodeId{2}, old_digest);
    catalogue.runs(NodeId{3}, new_digest);
    const auto patch = catalogue.patch_for(NodeId{1}, new_digest);
    ASSERT_TRUE(patch.ok());
    EXPECT_TRUE(catalogue.patch_for(NodeId{2}, new_digest).ok());
    EXPECT_EQ(catalogue.patches_made(), 1U);
    EXPECT_EQ(*patch::apply_patch(*catalogue.find(old_digest), *patch), image);
    EXPECT_EQ(catalogue.patch_for(NodeId{3}, new_digest).error(), Error::Refused);
    EXPECT_EQ(catalogue.patch_for(NodeId{4}, new_digest).error(), Error::Unknown);
}

TEST(Catalogue, learns_from_the_registry_which_base_a_cat_runs) {
    Catalogue catalogue;
    std::vector<std::uint8_t> image(2000, 7);
    const auto old_digest = catalogue.add(image);
    image[1000] = 8;
    const auto new_digest = catalogue.add(image);
    registry::Record record;
    record.node = NodeId{5};
    std::copy_n(old_digest.begin(), record.firmware.size(), record.firmware.begin());
    catalogue.heard(record);
    EXPECT_TRUE(catalogue.patch_for(NodeId{5}, new_digest).ok());
    record.firmware.fill(9);
    catalogue.heard(record);
    EXPECT_EQ(catalogue.patch_for(NodeId{5}, new_digest).error(), Error::Unknown);
}

}  // namespace
}  // namespace compot::bundles
