#include "edge/bundle/suit.hpp"

#include <gtest/gtest.h>
#include <sodium/crypto_hash_sha256.h>

#include <algorithm>

namespace compot::bundles {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bundle sample(const crypto::Key& seed) {
    Terms terms;
    terms.version = 3;
    terms.component = 2;
    terms.hardware = "nrf52840";
    const Bytes payload = {1, 2, 3};
    const auto manifest = describe(terms, payload, {}, payload, crypto::signing_public(seed));
    return {bundle::sign(*manifest, seed), payload};
}

Bytes hex(const char* text) {
    Bytes made;
    const auto digit = [](char letter) { return letter <= '9' ? letter - '0' : letter - 'A' + 10; };
    for (; text[0] != 0; text += 2)
        made.push_back(static_cast<std::uint8_t>(digit(text[0]) * 16 + digit(text[1])));
    return made;
}

bool holds(const Bytes& all, const Bytes& part) {
    return std::search(all.begin(), all.end(), part.begin(), part.end()) != all.end();
}

Bytes sha256(const Bytes& bytes) {
    Bytes digest(crypto_hash_sha256_BYTES);
    crypto_hash_sha256(digest.data(), bytes.data(), bytes.size());
    return digest;
}

TEST(SuitEnvelope, is_signed_over_the_digest_of_its_manifest) {
    const crypto::Key seed{7};
    const Bytes envelope = suit_envelope(sample(seed), seed);
    // Tag 107, a map of three; 2: bytes of [bytes of [-16, digest], bytes of 18([...])].
    const Bytes front =
        hex("D86BA302587382582482"
            "2F5820");
    ASSERT_TRUE(std::equal(front.begin(), front.end(), envelope.begin()));
    const Bytes digest(envelope.begin() + 13, envelope.begin() + 45);
    const Bytes sign1 = hex("584AD28443A10127A0F65840");
    ASSERT_TRUE(std::equal(sign1.begin(), sign1.end(), envelope.begin() + 45));
    crypto::Signature signature{};
    std::copy_n(envelope.begin() + 57, signature.size(), signature.begin());
    // What was signed: ["Signature1", header, nothing, [-16, digest]].
    Bytes signed_bytes = hex("846A5369676E61747572653143A10127405824822F5820");
    signed_bytes.insert(signed_bytes.end(), digest.begin(), digest.end());
    EXPECT_TRUE(crypto::verify(crypto::signing_public(seed), signed_bytes, signature));
    // 3: the manifest, whose digest covers its length too; then the payload under its name.
    const std::size_t at = 57 + signature.size();
    ASSERT_EQ(envelope[at], 3);
    const Bytes last = hex("68237061796C6F616443010203");
    ASSERT_TRUE(std::equal(last.rbegin(), last.rend(), envelope.rbegin()));
    const Bytes manifest(envelope.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                         envelope.end() - static_cast<std::ptrdiff_t>(last.size()));
    EXPECT_EQ(sha256(manifest), digest);
}

TEST(SuitEnvelope, says_what_for_whom_and_how_big) {
    const crypto::Key seed{7};
    const Bytes envelope = suit_envelope(sample(seed), seed);
    EXPECT_TRUE(holds(envelope, hex("A5010102030358")));    // version 1, sequence 3, common
    EXPECT_TRUE(holds(envelope, hex("A202818141020458")));  // component 2
    EXPECT_TRUE(holds(envelope, sha256({1, 2, 3})));        // the payload's digest
    EXPECT_TRUE(holds(envelope, hex("0E03010F020F")));      // its size; vendor and class must fit
    EXPECT_TRUE(holds(envelope, hex("074382030F")));        // validate: the image matches
    EXPECT_TRUE(holds(envelope, hex("8614A115"
                                    "68237061796C6F6164"
                                    "150F030F")));  // install
}

}  // namespace
}  // namespace compot::bundles
