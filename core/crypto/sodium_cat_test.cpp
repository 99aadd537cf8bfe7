// This binary has the Cat's part of libsodium linked in; the whole library is loaded beside it as
// the oracle, so both can be asked the same question.

#include <dlfcn.h>
#include <gtest/gtest.h>

#include "core/base/random.hpp"
#include "core/crypto/crypto.hpp"

namespace compot::crypto {
namespace {

using KeypairFromSeed = int (*)(std::uint8_t*, std::uint8_t*, const std::uint8_t*);
using SignDetached = int (*)(std::uint8_t*, unsigned long long*, const std::uint8_t*,
                             unsigned long long, const std::uint8_t*);
using ScalarmultBase = int (*)(std::uint8_t*, const std::uint8_t*);
using Scalarmult = int (*)(std::uint8_t*, const std::uint8_t*, const std::uint8_t*);
using Generichash = int (*)(std::uint8_t*, std::size_t, const std::uint8_t*, unsigned long long,
                            const std::uint8_t*, std::size_t);
using Shorthash = int (*)(std::uint8_t*, const std::uint8_t*, unsigned long long,
                          const std::uint8_t*);

class SodiumOfACat : public testing::Test {
protected:
    static constexpr std::uint64_t kSeed = 20;

    void SetUp() override {
        library_ = dlopen("libsodium.so.23", RTLD_NOW | RTLD_LOCAL);
        ASSERT_NE(library_, nullptr) << dlerror();
    }

    void TearDown() override { dlclose(library_); }

    template <typename Function>
    Function whole(const char* name) {
        return reinterpret_cast<Function>(dlsym(library_, name));
    }

    template <typename Bytes>
    void fill(Bytes& bytes) {
        for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random_.next32());
    }

    Random random_{kSeed};

private:
    void* library_ = nullptr;
};

TEST_F(SodiumOfACat, signs_with_the_same_bytes_as_the_whole_library) {
    const auto keypair = whole<KeypairFromSeed>("crypto_sign_seed_keypair");
    const auto sign_detached = whole<SignDetached>("crypto_sign_detached");
    std::array<std::uint8_t, 200> message{};
    for (std::size_t round = 0; round < 200; ++round) {
        SCOPED_TRACE("seed=" + std::to_string(kSeed) + " round " + std::to_string(round));
        Key seed{};
        fill(seed);
        fill(message);
        Key expected_public{};
        std::array<std::uint8_t, 64> secret{};
        keypair(expected_public.data(), secret.data(), seed.data());
        EXPECT_EQ(signing_public(seed), expected_public);

        Signature expected{};
        sign_detached(expected.data(), nullptr, message.data(), round, secret.data());
        const BytesView part = BytesView{message}.first(round);
        EXPECT_EQ(sign(seed, expected_public, part), expected);
        EXPECT_TRUE(verify(expected_public, part, expected));
        expected[random_.below(64)] ^= 1;
        EXPECT_FALSE(verify(expected_public, part, expected));
    }
}

TEST_F(SodiumOfACat, exchanges_the_same_secrets_as_the_whole_library) {
    const auto base = whole<ScalarmultBase>("crypto_scalarmult_base");
    const auto scalarmult = whole<Scalarmult>("crypto_scalarmult");
    for (int round = 0; round < 200; ++round) {
        Key secret{};
        Key peer{};
        fill(secret);
        fill(peer);
        Key expected{};
        base(expected.data(), secret.data());
        EXPECT_EQ(exchange_public(secret), expected) << "seed=" << kSeed << " round " << round;
        ASSERT_EQ(scalarmult(expected.data(), secret.data(), peer.data()), 0);
        Key shared{};
        ASSERT_TRUE(exchange(secret, peer, shared));
        EXPECT_EQ(shared, expected) << "seed=" << kSeed << " round " << round;
    }
}

TEST_F(SodiumOfACat, digests_like_the_whole_library) {
    const auto generichash = whole<Generichash>("crypto_generichash");
    const auto shorthash = whole<Shorthash>("crypto_shorthash");
    std::array<std::uint8_t, 300> message{};
    fill(message);
    MacKey key{};
    fill(key);
    for (std::size_t size = 0; size <= message.size(); ++size) {
        const BytesView part = BytesView{message}.first(size);
        Digest digest_expected{};
        generichash(digest_expected.data(), 32, part.data(), size, nullptr, 0);
        EXPECT_EQ(digest(part), digest_expected);
        Mac mac_expected{};
        shorthash(mac_expected.data(), part.data(), size, key.data());
        EXPECT_EQ(mac(key, part), mac_expected);
        MacKey derived{};
        generichash(derived.data(), 16, part.data(), size, key.data(), 16);
        EXPECT_EQ(derive(key, part), derived);
    }
}

}  // namespace
}  // namespace compot::crypto
