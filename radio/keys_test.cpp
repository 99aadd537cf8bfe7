#include <gtest/gtest.h>

#include <algorithm>

#include "radio/golden.hpp"
#include "radio/pkc.hpp"
#include "radio/signature.hpp"

namespace compot::radio {
namespace {

using golden::hex;
using golden::unhex;
using golden::vectors;

crypto::Key key_of(const nlohmann::json& text) {
    crypto::Key key{};
    const auto bytes = unhex(text.get<std::string>());
    EXPECT_EQ(bytes.size(), key.size());
    std::copy(bytes.begin(), bytes.end(), key.begin());
    return key;
}

TEST(Pkc, equals_the_firmwares_bytes_in_both_directions) {
    const auto& golden = vectors()["pkc"];
    const crypto::Key a = key_of(golden["a_private"]);
    const crypto::Key b = key_of(golden["b_private"]);
    EXPECT_EQ(hex(crypto::exchange_public(a)), golden["a_public"].get<std::string>());
    for (const auto& row : golden["vectors"]) {
        const Result<crypto::Key> key = pkc_key(a, key_of(golden["b_public"]));
        ASSERT_TRUE(key.ok());
        EXPECT_EQ(hex(*key), row["aes256_key_sha256"].get<std::string>());
        EXPECT_EQ(*pkc_key(b, key_of(golden["a_public"])), *key);
        const NodeId from{row["from"].get<std::uint32_t>()};
        const PacketId id{row["id"].get<std::uint32_t>()};
        const auto extra = unhex(row["extra_nonce"].get<std::string>());
        const std::uint32_t extra_nonce = static_cast<std::uint32_t>(extra[0]) |
                                          static_cast<std::uint32_t>(extra[1]) << 8U |
                                          static_cast<std::uint32_t>(extra[2]) << 16U |
                                          static_cast<std::uint32_t>(extra[3]) << 24U;
        const auto clear = unhex(row["plain"].get<std::string>());
        const Result<Sealed> sealed = seal_pkc(*key, from, id, extra_nonce, clear);
        ASSERT_TRUE(sealed.ok());
        EXPECT_EQ(hex(sealed->view()), row["on_air_payload"].get<std::string>());
        const Result<Sealed> opened = open_pkc(*key, from, id, sealed->view());
        ASSERT_TRUE(opened.ok());
        EXPECT_EQ(hex(opened->view()), hex(clear));
    }
}

TEST(Pkc, notices_every_flipped_bit_and_every_other_address) {
    const crypto::Key key{1, 2, 3};
    const Result<Sealed> sealed =
        seal_pkc(key, NodeId{5}, PacketId{6}, 7, std::vector<std::uint8_t>{1, 2, 3, 4});
    ASSERT_TRUE(sealed.ok());
    for (std::size_t bit = 0; bit < 8 * sealed->size(); ++bit) {
        Sealed bent = *sealed;
        bent[bit / 8] = static_cast<std::uint8_t>(bent[bit / 8] ^ (1U << (bit % 8)));
        EXPECT_EQ(open_pkc(key, NodeId{5}, PacketId{6}, bent.view()).error(), Error::Forged) << bit;
    }
    EXPECT_FALSE(open_pkc(key, NodeId{4}, PacketId{6}, sealed->view()).ok());
    EXPECT_FALSE(open_pkc(key, NodeId{5}, PacketId{7}, sealed->view()).ok());
    EXPECT_EQ(open_pkc(key, NodeId{5}, PacketId{6}, sealed->view().first(11)).error(),
              Error::Truncated);
    EXPECT_EQ(seal_pkc(key, NodeId{5}, PacketId{6}, 7, std::vector<std::uint8_t>(228)).error(),
              Error::TooBig);
    EXPECT_FALSE(pkc_key(key, crypto::Key{}).ok()) << "a public key of small order";
}

TEST(Pkc, names_a_node_by_its_key) {
    const auto& golden = vectors()["nodenum"];
    EXPECT_EQ(node_number(key_of(golden["x25519_public"])).value,
              golden["nodenum"].get<std::uint32_t>());
    EXPECT_EQ(node_number(key_of(golden["x25519_public_b"])).value,
              golden["nodenum_b"].get<std::uint32_t>());
}

TEST(Signature, maps_keys_as_the_firmware_does) {
    const auto& golden = vectors()["xeddsa"];
    EXPECT_EQ(hex(*edwards_public(key_of(golden["x25519_public"]))),
              golden["ed_public"].get<std::string>());
    EXPECT_EQ(hex(edwards_scalar(key_of(golden["x25519_private"]))),
              golden["ed_private_scalar"].get<std::string>());
}

TEST(Signature, of_the_firmware_verifies_and_no_altered_one_does) {
    const auto& golden = vectors()["xeddsa"];
    const crypto::Key signer = key_of(golden["x25519_public"]);
    std::size_t verified = 0;
    for (const auto& row : golden["frames"]) {
        Result<mesh::Data> data = mesh::decode_data(unhex(row["data_proto"].get<std::string>()));
        ASSERT_TRUE(data.ok());
        const NodeId from{row["from"].get<std::uint32_t>()};
        const PacketId id{row["id"].get<std::uint32_t>()};
        mesh::Data bare = *data;
        bare.signature.clear();
        EXPECT_EQ(signature_fits(bare), !data->signature.empty()) << row["name"];
        if (data->signature.empty()) {
            EXPECT_FALSE(verify_broadcast(signer, from, id, *data));
            continue;
        }
        EXPECT_TRUE(verify_broadcast(signer, from, id, *data)) << row["name"];
        EXPECT_FALSE(verify_broadcast(signer, NodeId{from.value + 1}, id, *data));
        EXPECT_FALSE(verify_broadcast(signer, from, PacketId{id.value + 1}, *data));
        EXPECT_FALSE(verify_broadcast(crypto::Key{9}, from, id, *data));
        mesh::Data bent = *data;
        bent.payload[0] ^= 1U;
        EXPECT_FALSE(verify_broadcast(signer, from, id, bent));
        bent = *data;
        bent.signature[40] ^= 1U;
        EXPECT_FALSE(verify_broadcast(signer, from, id, bent));
        ++verified;
    }
    EXPECT_EQ(verified, 4U);
}

TEST(Signature, of_our_own_verifies_for_many_keys) {
    for (std::uint64_t seed = 1; seed <= 25; ++seed) {
        SCOPED_TRACE("seed=" + std::to_string(seed));
        Random random(seed);
        crypto::Key secret{};
        for (std::uint8_t& byte : secret) byte = static_cast<std::uint8_t>(random.below(256));
        std::vector<std::uint8_t> nonce(64);
        for (std::uint8_t& byte : nonce) byte = static_cast<std::uint8_t>(random.below(256));
        mesh::Data data;
        data.portnum = mesh::port::kPrivate;
        data.payload.resize(random.below(160));
        const crypto::Signature made = sign_broadcast(secret, NodeId{7}, PacketId{8}, data, nonce);
        ASSERT_TRUE(data.signature.assign(made));
        EXPECT_TRUE(
            verify_broadcast(crypto::exchange_public(secret), NodeId{7}, PacketId{8}, data));
    }
}

}  // namespace
}  // namespace compot::radio
