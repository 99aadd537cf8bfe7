#include "radio/signature.hpp"

#include <openssl/bn.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "core/base/bytes.hpp"

namespace compot::radio {
namespace {

struct FreeNumber {
    void operator()(BIGNUM* number) const { BN_free(number); }

    void operator()(BN_CTX* context) const { BN_CTX_free(context); }
};

using Number = std::unique_ptr<BIGNUM, FreeNumber>;
using Context = std::unique_ptr<BN_CTX, FreeNumber>;

/// 2^255 - 19.
Number field_prime() {
    Number prime{BN_new()};
    COMPOT_CHECK(BN_set_bit(prime.get(), 255) == 1 && BN_sub_word(prime.get(), 19) == 1);
    return prime;
}

std::vector<std::uint8_t> message(NodeId from, PacketId id, const mesh::Data& data) {
    std::vector<std::uint8_t> bytes(12 + data.payload.size());
    ByteWriter writer(bytes);
    writer.u32(from.value);
    writer.u32(id.value);
    writer.u32(data.portnum);
    writer.bytes(data.payload.view());
    return bytes;
}

crypto::Key reduce(const std::array<std::uint8_t, 64>& wide) {
    crypto::Key scalar{};
    crypto_core_ed25519_scalar_reduce(scalar.data(), wide.data());
    return scalar;
}

crypto::Key hash_to_scalar(std::initializer_list<BytesView> parts) {
    crypto_hash_sha512_state state;
    crypto_hash_sha512_init(&state);
    for (const BytesView part : parts) {
        crypto_hash_sha512_update(&state, part.data(), part.size());
    }
    std::array<std::uint8_t, 64> wide{};
    crypto_hash_sha512_final(&state, wide.data());
    return reduce(wide);
}

}  // namespace

Result<crypto::Key> edwards_public(const crypto::Key& exchange_public) {
    // y = (u - 1) / (u + 1) in the field; the sign of x is 0 by agreement.
    crypto::Key clear = exchange_public;
    clear.back() &= 0x7FU;
    const Number prime = field_prime();
    const Context context{BN_CTX_new()};
    const Number u{BN_lebin2bn(clear.data(), static_cast<int>(clear.size()), nullptr)};
    const Number above{BN_dup(u.get())};
    COMPOT_CHECK(BN_sub_word(u.get(), 1) == 1 && BN_add_word(above.get(), 1) == 1);
    const Number inverse{BN_mod_inverse(nullptr, above.get(), prime.get(), context.get())};
    if (inverse == nullptr) return Error::Malformed;
    const Number y{BN_new()};
    COMPOT_CHECK(BN_mod_mul(y.get(), u.get(), inverse.get(), prime.get(), context.get()) == 1 &&
                 BN_nnmod(y.get(), y.get(), prime.get(), context.get()) == 1);
    crypto::Key out{};
    COMPOT_CHECK(BN_bn2lebinpad(y.get(), out.data(), static_cast<int>(out.size())) > 0);
    return out;
}

crypto::Key edwards_scalar(const crypto::Key& exchange_secret) {
    crypto::Key clamped = exchange_secret;
    clamped.front() &= 0xF8U;
    clamped.back() = static_cast<std::uint8_t>((clamped.back() & 0x7FU) | 0x40U);
    crypto::Key point{};
    COMPOT_CHECK(crypto_scalarmult_ed25519_base_noclamp(point.data(), clamped.data()) == 0);
    std::array<std::uint8_t, 64> wide{};
    std::copy(clamped.begin(), clamped.end(), wide.begin());
    crypto::Key scalar = reduce(wide);
    if ((point.back() & 0x80U) != 0) {
        crypto_core_ed25519_scalar_negate(scalar.data(), crypto::Key{scalar}.data());
    }
    return scalar;
}

crypto::Signature sign_broadcast(const crypto::Key& exchange_secret, NodeId from, PacketId id,
                                 const mesh::Data& data, BytesView nonce) {
    const crypto::Key secret = edwards_scalar(exchange_secret);
    crypto::Key public_key{};
    COMPOT_CHECK(crypto_scalarmult_ed25519_base_noclamp(public_key.data(), secret.data()) == 0);
    const std::vector<std::uint8_t> signed_bytes = message(from, id, data);
    std::array<std::uint8_t, 32> domain{};
    domain.fill(0xFF);
    domain.front() = 0xFE;
    const crypto::Key r = hash_to_scalar({domain, secret, signed_bytes, nonce});
    crypto::Key point{};
    COMPOT_CHECK(crypto_scalarmult_ed25519_base_noclamp(point.data(), r.data()) == 0);
    const crypto::Key h = hash_to_scalar({point, public_key, signed_bytes});
    crypto::Key product{};
    crypto::Key s{};
    crypto_core_ed25519_scalar_mul(product.data(), h.data(), secret.data());
    crypto_core_ed25519_scalar_add(s.data(), product.data(), r.data());
    crypto::Signature signature{};
    std::copy(point.begin(), point.end(), signature.begin());
    std::copy(s.begin(), s.end(), signature.begin() + 32);
    return signature;
}

bool verify_broadcast(const crypto::Key& exchange_public, NodeId from, PacketId id,
                      const mesh::Data& data) {
    if (data.signature.size() != crypto::kSignatureBytes) return false;
    const Result<crypto::Key> public_key = edwards_public(exchange_public);
    if (!public_key.ok()) return false;
    crypto::Signature signature{};
    std::copy(data.signature.begin(), data.signature.end(), signature.begin());
    return crypto::verify(*public_key, message(from, id, data), signature);
}

bool signature_fits(const mesh::Data& data) {
    mesh::Data with = data;
    with.signature.resize(crypto::kSignatureBytes);
    std::array<std::uint8_t, mesh::kDataBytesMax> buffer{};
    return mesh::encode(with, buffer).ok();
}

}  // namespace compot::radio
