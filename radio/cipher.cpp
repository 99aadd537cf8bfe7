#include "radio/cipher.hpp"

#include <openssl/evp.h>

#include <array>
#include <memory>

#include "core/base/bytes.hpp"

namespace compot::radio {
namespace {

struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

/// One per thread: making a context costs more than encrypting a frame.
EVP_CIPHER_CTX* context() {
    thread_local const Context kept{EVP_CIPHER_CTX_new()};
    COMPOT_CHECK(kept != nullptr);
    return kept.get();
}

}  // namespace

void crypt_channel(const ChannelKey& key, NodeId from, PacketId id, MutableBytes bytes) {
    if (key.empty() || bytes.empty()) return;
    COMPOT_CHECK(key.size() == 16 || key.size() == 32);
    std::array<std::uint8_t, 16> nonce{};
    ByteWriter writer(nonce);
    writer.u64(id.value);
    writer.u32(from.value);  // the last four bytes count blocks
    const EVP_CIPHER* cipher = key.size() == 16 ? EVP_aes_128_ctr() : EVP_aes_256_ctr();
    int written = 0;
    const bool done =
        EVP_EncryptInit_ex(context(), cipher, nullptr, key.data(), nonce.data()) == 1 &&
        EVP_EncryptUpdate(context(), bytes.data(), &written, bytes.data(),
                          static_cast<int>(bytes.size())) == 1;
    COMPOT_CHECK(done && static_cast<std::size_t>(written) == bytes.size());
}

}  // namespace compot::radio
