#include "core/crypto/crypto.hpp"

#include <sodium/crypto_core_ed25519.h>
#include <sodium/crypto_generichash.h>
#include <sodium/crypto_scalarmult.h>
#include <sodium/crypto_shorthash.h>
#include <sodium/crypto_sign.h>
#include <sodium/utils.h>

#include <algorithm>

#include "core/base/check.hpp"

namespace compot::crypto {

Mac mac(const MacKey& key, BytesView bytes) {
    static_assert(crypto_shorthash_BYTES == kMacBytes);
    Mac out{};
    crypto_shorthash(out.data(), bytes.data(), bytes.size(), key.data());
    return out;
}

bool equal(BytesView a, BytesView b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

Digest digest(BytesView bytes) {
    Digest out{};
    crypto_generichash(out.data(), out.size(), bytes.data(), bytes.size(), nullptr, 0);
    return out;
}

std::uint64_t digest64(BytesView bytes) {
    const Digest whole = digest(bytes);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8; ++i) value |= static_cast<std::uint64_t>(whole[i]) << (8 * i);
    return value;
}

MacKey derive(BytesView secret, BytesView context) {
    COMPOT_CHECK(secret.size() >= 16 && secret.size() <= 64);
    MacKey out{};
    crypto_generichash(out.data(), out.size(), context.data(), context.size(), secret.data(),
                       secret.size());
    return out;
}

Key exchange_public(const Key& secret) {
    Key out{};
    crypto_scalarmult_base(out.data(), secret.data());
    return out;
}

bool exchange(const Key& secret, const Key& peer_public, Key& shared) {
    Key out{};
    if (crypto_scalarmult(out.data(), secret.data(), peer_public.data()) != 0) return false;
    shared = out;
    return true;
}

Key signing_public(const Key& seed) {
    Key out{};
    std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> secret{};
    crypto_sign_seed_keypair(out.data(), secret.data(), seed.data());
    sodium_memzero(secret.data(), secret.size());
    return out;
}

Signature sign(const Key& seed, const Key& signing_public, BytesView message) {
    // libsodium's secret key is the seed followed by the public key.
    std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> secret{};
    std::copy(seed.begin(), seed.end(), secret.begin());
    std::copy(signing_public.begin(), signing_public.end(), secret.begin() + 32);
    Signature out{};
    crypto_sign_detached(out.data(), nullptr, message.data(), message.size(), secret.data());
    sodium_memzero(secret.data(), secret.size());
    return out;
}

bool verify(const Key& signing_public, BytesView message, const Signature& signature) {
    return crypto_sign_verify_detached(signature.data(), message.data(), message.size(),
                                       signing_public.data()) == 0;
}

}  // namespace compot::crypto
