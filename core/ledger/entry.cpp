#include "core/ledger/entry.hpp"

#include <algorithm>

#include "core/base/bytes.hpp"
#include "core/base/check.hpp"

namespace compot::ledger {
namespace {

// What is signed begins with this, so that no other signed thing can pass for an entry.
constexpr std::array<std::uint8_t, 16> kDomain{'c', 'o', 'm', 'p', 'o', 't', ' ', 'l',
                                               'e', 'd', 'g', 'e', 'r', ' ', '1', 0};

void write_unsigned(const Entry& entry, ByteWriter& out) {
    out.u32(entry.author.value);
    out.u16(entry.sequence);
    out.u8(static_cast<std::uint8_t>(entry.kind));
    out.bytes(entry.previous);
    out.u32(entry.order);
    out.u8(static_cast<std::uint8_t>(entry.body.size()));
    out.bytes(entry.body.view());
}

struct SignedBytes {
    std::array<std::uint8_t, kDomain.size() + kEntryBytesMax> buffer{};
    std::size_t size = 0;

    explicit SignedBytes(const Entry& entry) {
        ByteWriter out(buffer);
        out.bytes(kDomain);
        write_unsigned(entry, out);
        COMPOT_CHECK(!out.failed());
        size = out.size();
    }

    [[nodiscard]] BytesView view() const { return BytesView{buffer.data(), size}; }
};

class BodyWriter {
public:
    ByteWriter& out() { return out_; }

    [[nodiscard]] Body finish() const {
        Body body;
        COMPOT_CHECK(body.assign(*out_.finish()));
        return body;
    }

private:
    std::array<std::uint8_t, kLedgerBodyBytesMax> buffer_{};
    ByteWriter out_{buffer_};
};

template <typename T>
Result<T> whole(const ByteReader& in, const T& value) {
    if (const Status status = in.finish(); !status.ok()) return status.error();
    return value;
}

}  // namespace

EntryBytes encode(const Entry& entry) {
    std::array<std::uint8_t, kEntryBytesMax> buffer{};
    ByteWriter out(buffer);
    write_unsigned(entry, out);
    out.bytes(entry.signature);
    EntryBytes bytes;
    COMPOT_CHECK(bytes.assign(*out.finish()));
    return bytes;
}

Result<Entry> parse_entry(BytesView bytes) {
    ByteReader in(bytes);
    Entry entry;
    entry.author = NodeId{in.u32()};
    entry.sequence = in.u16();
    const std::uint8_t kind = in.u8();
    in.copy_to(entry.previous);
    entry.order = in.u32();
    const std::size_t size = in.u8();
    if (size > kLedgerBodyBytesMax) return Error::TooBig;
    const BytesView body = in.take(size);
    in.copy_to(entry.signature);
    if (const Status status = in.finish(); !status.ok()) return status.error();
    if (entry.author == kNoNode || entry.author == kBroadcast || entry.sequence == 0)
        return Error::Malformed;
    if (entry.sequence == 1 && entry.previous != Hash{}) return Error::Malformed;
    if (kind < 1 || kind > static_cast<std::uint8_t>(Kind::Checkpoint)) return Error::Unsupported;
    entry.kind = static_cast<Kind>(kind);
    COMPOT_CHECK(entry.body.assign(body));
    return entry;
}

Hash hash(const Entry& entry) {
    const crypto::Digest digest = crypto::digest(SignedBytes(entry).view());
    Hash hash{};
    std::copy_n(digest.begin(), hash.size(), hash.begin());
    return hash;
}

void sign(Entry& entry, const Signer& signer) {
    entry.signature = crypto::sign(signer.seed, signer.signing_public, SignedBytes(entry).view());
}

bool verify(const Entry& entry, const crypto::Key& signing_public) {
    return crypto::verify(signing_public, SignedBytes(entry).view(), entry.signature);
}

Body write_body(const JoinedBody& body) {
    BodyWriter writer;
    writer.out().u8(body.role);
    writer.out().u16(body.epoch);
    writer.out().u64(body.firmware);
    return writer.finish();
}

Body write_body(const HelpedBody& body) {
    BodyWriter writer;
    writer.out().u32(body.nonce);
    writer.out().u32(body.asker.value);
    writer.out().u64(body.result_digest);
    writer.out().u8(body.facts);
    return writer.finish();
}

Body write_body(const OutcomeBody& body) {
    BodyWriter writer;
    writer.out().u32(body.nonce);
    writer.out().u32(body.helper.value);
    writer.out().u8(body.outcome);
    writer.out().u64(body.policy_digest);
    return writer.finish();
}

Body write_body(const CheckpointBody& body) {
    BodyWriter writer;
    writer.out().u64(body.ledger_digest);
    writer.out().u32(body.order);
    return writer.finish();
}

Result<JoinedBody> read_joined(BytesView bytes) {
    ByteReader in(bytes);
    JoinedBody body;
    body.role = in.u8();
    body.epoch = in.u16();
    body.firmware = in.u64();
    return whole(in, body);
}

Result<HelpedBody> read_helped(BytesView bytes) {
    ByteReader in(bytes);
    HelpedBody body;
    body.nonce = in.u32();
    body.asker = NodeId{in.u32()};
    body.result_digest = in.u64();
    body.facts = in.u8();
    return whole(in, body);
}

Result<OutcomeBody> read_outcome(BytesView bytes) {
    ByteReader in(bytes);
    OutcomeBody body;
    body.nonce = in.u32();
    body.helper = NodeId{in.u32()};
    body.outcome = in.u8();
    body.policy_digest = in.u64();
    return whole(in, body);
}

Result<CheckpointBody> read_checkpoint(BytesView bytes) {
    ByteReader in(bytes);
    CheckpointBody body;
    body.ledger_digest = in.u64();
    body.order = in.u32();
    return whole(in, body);
}

}  // namespace compot::ledger
