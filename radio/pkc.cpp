#include "radio/pkc.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>
#include <memory>

#include "core/base/bytes.hpp"

namespace compot::radio {
namespace {

constexpr int kTagBytes = 8;
constexpr int kNonceBytes = 13;  // so CCM's length field has two bytes

struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;
using Nonce = std::array<std::uint8_t, kNonceBytes>;

Nonce make_nonce(NodeId from, PacketId id, std::uint32_t extra) {
    Nonce nonce{};
    ByteWriter writer(nonce);
    writer.u32(id.value);
    writer.u32(extra);
    writer.u32(from.value);
    return nonce;
}

}  // namespace

NodeId node_number(const crypto::Key& exchange_public) {
    constexpr std::uint32_t kPolynomial = 0xEDB88320U;
    std::uint32_t crc = ~0U;
    for (const std::uint8_t byte : exchange_public) {
        crc ^= byte;
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc & 1U) != 0 ? (crc >> 1U) ^ kPolynomial : crc >> 1U;
        }
    }
    return NodeId{~crc};
}

Result<crypto::Key> pkc_key(const crypto::Key& secret, const crypto::Key& peer_public) {
    crypto::Key shared{};
    if (!crypto::exchange(secret, peer_public, shared)) return Error::Malformed;
    crypto::Key key{};
    SHA256(shared.data(), shared.size(), key.data());
    return key;
}

Result<Sealed> seal_pkc(const crypto::Key& key, NodeId from, PacketId id, std::uint32_t extra_nonce,
                        BytesView clear) {
    if (clear.size() + kPkcOverheadBytes > Sealed::capacity()) return Error::TooBig;
    const Nonce nonce = make_nonce(from, id, extra_nonce);
    const Context context{EVP_CIPHER_CTX_new()};
    Sealed out;
    out.resize(clear.size());
    std::array<std::uint8_t, kTagBytes> tag{};
    const int size = static_cast<int>(clear.size());
    int written = 0;
    const bool done =
        context != nullptr &&
        EVP_EncryptInit_ex(context.get(), EVP_aes_256_ccm(), nullptr, nullptr, nullptr) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_CCM_SET_IVLEN, kNonceBytes, nullptr) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_CCM_SET_TAG, kTagBytes, nullptr) == 1 &&
        EVP_EncryptInit_ex(context.get(), nullptr, nullptr, key.data(), nonce.data()) == 1 &&
        EVP_EncryptUpdate(context.get(), nullptr, &written, nullptr, size) == 1 &&
        EVP_EncryptUpdate(context.get(), out.data(), &written, clear.data(), size) == 1 &&
        EVP_EncryptFinal_ex(context.get(), out.data() + written, &written) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_CCM_GET_TAG, kTagBytes, tag.data()) == 1;
    COMPOT_CHECK(done);
    for (const std::uint8_t byte : tag) out.push(byte);
    for (unsigned shift = 0; shift < 32; shift += 8) {
        out.push(static_cast<std::uint8_t>(extra_nonce >> shift));
    }
    return out;
}

Result<Sealed> open_pkc(const crypto::Key& key, NodeId from, PacketId id, BytesView sealed) {
    if (sealed.size() < kPkcOverheadBytes) return Error::Truncated;
    const std::size_t clear_bytes = sealed.size() - kPkcOverheadBytes;
    if (clear_bytes > Sealed::capacity()) return Error::TooBig;
    ByteReader reader(sealed.subspan(clear_bytes));
    std::array<std::uint8_t, kTagBytes> tag{};
    reader.copy_to(tag);
    const Nonce nonce = make_nonce(from, id, reader.u32());
    const Context context{EVP_CIPHER_CTX_new()};
    Sealed out;
    out.resize(clear_bytes);
    const int size = static_cast<int>(clear_bytes);
    int written = 0;
    const bool ready =
        context != nullptr &&
        EVP_DecryptInit_ex(context.get(), EVP_aes_256_ccm(), nullptr, nullptr, nullptr) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_CCM_SET_IVLEN, kNonceBytes, nullptr) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_CCM_SET_TAG, kTagBytes, tag.data()) == 1 &&
        EVP_DecryptInit_ex(context.get(), nullptr, nullptr, key.data(), nonce.data()) == 1 &&
        EVP_DecryptUpdate(context.get(), nullptr, &written, nullptr, size) == 1;
    COMPOT_CHECK(ready);
    // The tag is checked here, before a byte of plaintext is given out.
    if (EVP_DecryptUpdate(context.get(), out.data(), &written, sealed.data(), size) != 1) {
        return Error::Forged;
    }
    return out;
}

}  // namespace compot::radio
