#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/node/config.hpp"

/// What sites say to each other through a broker that nobody trusts: sealed envelopes. It can see
/// who sends to whom, when and how much; it can't read, alter, redirect or repeat anything with an
/// effect. What envelopes hold is in messages.hpp, who says what when in site.hpp.
///
///   0  2  magic 'C' 'b'
///   2  1  version, now 1
///   3  1  kind
///   4  4  sender, a node's number        12  4  number, from 1 in each epoch
///   8  4  its epoch: starts so far       16  n  ciphertext, then a tag of 16 bytes
///
/// ChaCha20-Poly1305 (RFC 8439); the nonce is bytes 4 to 15, which never repeat; bytes 0 to 15 and
/// the addressee are authenticated with it. Integers are little-endian. doc/bridge.md

namespace compot::bridge {

inline constexpr std::size_t kHeaderBytes = 16;
inline constexpr std::size_t kEnvelopeBytes = kHeaderBytes + 16;  ///< around each body
inline constexpr std::size_t kBodyBytesMax = 8192;

using ByteString = std::vector<std::uint8_t>;

/// The value on the wire. Never renumber.
enum class Kind : std::uint8_t {
    Heads = 1,    ///< to all: digests of what I have
    Summary = 2,  ///< how far I have everything
    Items = 3,    ///< what you lack
    Job = 4,      ///< to any one Compot: somebody asks
    Claim = 5,    ///< I would do it
    Award = 6,    ///< do it
    Result = 7,   ///< it is done, or can't be
    Done = 8,     ///< I have it: stop telling me
    Picture = 9,  ///< to any one Compot with a bench: a picture waits to be looked at
    Piece = 10,   ///< of that picture, for who was awarded it
    Want = 11,    ///< pieces that did not come
};
inline constexpr std::uint8_t kKindMax = 11;

/// For everybody, under the group's key; the others are for one reader, under the pair's.
[[nodiscard]] constexpr bool is_for_all(Kind kind) {
    return kind == Kind::Heads || kind == Kind::Job || kind == Kind::Picture;
}

struct Opened {
    Kind kind = Kind::Heads;
    NodeId sender;
    ByteString body;
};

/// Seals and opens the envelopes of one node, and takes each of another's once: numbers far below
/// the newest heard of an epoch are taken for repetitions.
class Envelopes {
public:
    /// Of all enrolled. `epoch` must be greater than in any run before, or nonces repeat.
    Envelopes(const node::Config& config, std::uint32_t epoch);

    /// REQUIRES: a body of at most kBodyBytesMax; `to` enrolled unless the kind is for all.
    [[nodiscard]] ByteString seal(Kind kind, NodeId to, BytesView body);

    /// ERRORS: Truncated, TooBig, Malformed (magic, kind), Unsupported (version), Unknown (sender
    /// not enrolled), Forged, Stale (heard before, or from an earlier run of the sender).
    [[nodiscard]] Result<Opened> open(BytesView envelope);

    /// Epochs below this are earlier runs; to be kept over restarts.
    [[nodiscard]] std::uint32_t epoch_of(NodeId sender) const;
    void restore_epoch(NodeId sender, std::uint32_t epoch);

    /// Names the swarm on the broker and says nothing of it: 16 hexadecimal digits.
    [[nodiscard]] const std::string& tag() const { return tag_; }

    [[nodiscard]] bool knows(NodeId node) const { return pairs_.count(node) != 0; }

private:
    static constexpr std::uint32_t kWindow = 1024;

    struct Heard {
        std::uint32_t epoch = 0;
        std::uint32_t newest = 0;
        std::vector<bool> seen = std::vector<bool>(kWindow);
    };

    [[nodiscard]] bool is_news(const Heard& heard, std::uint32_t epoch, std::uint32_t number) const;
    static void note(Heard& heard, std::uint32_t epoch, std::uint32_t number);

    NodeId self_;
    std::uint32_t epoch_;
    std::uint32_t number_ = 0;
    crypto::Key group_{};
    std::map<NodeId, crypto::Key> pairs_;
    std::map<NodeId, Heard> heard_;
    std::string tag_;
};

}  // namespace compot::bridge
