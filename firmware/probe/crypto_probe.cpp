// Known answers on the target, and what each costs.

#include "core/crypto/crypto.hpp"
#include "firmware/probe/meter.hpp"
#include "firmware/probe/probe.hpp"

namespace compot::probe {

namespace {

template <std::size_t N>
constexpr std::array<std::uint8_t, N> from_hex(const char (&text)[2 * N + 1]) {
    std::array<std::uint8_t, N> bytes{};
    const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    for (std::size_t i = 0; i < N; ++i) {
        bytes[i] = static_cast<std::uint8_t>(digit(text[2 * i]) * 16 + digit(text[2 * i + 1]));
    }
    return bytes;
}

// SOURCE: RFC 8032, 7.1, test 2.
constexpr crypto::Key kSeed =
    from_hex<32>("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
constexpr crypto::Key kPublic =
    from_hex<32>("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
constexpr std::array<std::uint8_t, 1> kMessage{0x72};
constexpr crypto::Signature kSignature = from_hex<64>(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");

// SOURCE: RFC 7748, 6.1.
constexpr crypto::Key kAliceSecret =
    from_hex<32>("77076d0a7318a57d3c16c17251b26645df4c1d9e94c35e5b4b1c3f3c2a2b2f3e");
constexpr crypto::Key kBobSecret =
    from_hex<32>("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");

// SOURCE: Aumasson and Bernstein, SipHash reference vectors_sip64, input 00..3e.
constexpr crypto::Mac kMac = from_hex<8>("724506eb4c328a95");

// SOURCE: RFC 7693's algorithm with 32 bytes of output; "abc", from Python's hashlib.
constexpr crypto::Digest kDigestOfAbc =
    from_hex<32>("bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");

template <std::size_t N>
std::array<std::uint8_t, N> counting() {
    std::array<std::uint8_t, N> bytes{};
    for (std::size_t i = 0; i < N; ++i) bytes[i] = static_cast<std::uint8_t>(i);
    return bytes;
}

}  // namespace

void probe_crypto() {
    crypto::Mac mac{};
    measure("mac_63_bytes", [&] { mac = crypto::mac(counting<16>(), counting<63>()); });
    expect("siphash vector", mac == kMac);

    const std::array<std::uint8_t, 3> abc{'a', 'b', 'c'};
    crypto::Digest digest{};
    measure("digest", [&] { digest = crypto::digest(abc); });
    expect("blake2b vector", digest == kDigestOfAbc);

    bool good = false;
    measure("verify", [&] { good = crypto::verify(kPublic, kMessage, kSignature); });
    expect("ed25519 verifies", good);
    crypto::Signature bent = kSignature;
    bent[3] ^= 4;
    expect("ed25519 refuses", !crypto::verify(kPublic, kMessage, bent));

    crypto::Signature signature{};
    measure("sign", [&] { signature = crypto::sign(kSeed, kPublic, kMessage); });
    expect("ed25519 signs", signature == kSignature && crypto::signing_public(kSeed) == kPublic);

    crypto::Key one{};
    crypto::Key other{};
    measure("exchange", [&] {
        good = crypto::exchange(kAliceSecret, crypto::exchange_public(kBobSecret), one);
    });
    good = good && crypto::exchange(kBobSecret, crypto::exchange_public(kAliceSecret), other);
    expect("x25519 agrees", good && one == other);
}

}  // namespace compot::probe
