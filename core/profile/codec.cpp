#include "core/profile/codec.hpp"

#include "core/base/bytes.hpp"

namespace compot::profile {

namespace {

// One put() and one get() for each message, side by side, so that both orders can be compared by
// eye.

void put(ByteWriter& out, const WindowTerms& m) {
    out.u16(m.start_s);
    out.u16(m.length_s);
    out.u32(m.energy_mj);
}

void get(ByteReader& in, WindowTerms& m) {
    m.start_s = in.u16();
    m.length_s = in.u16();
    m.energy_mj = in.u32();
}

void put(ByteWriter& out, const Beacon& m) {
    out.u32(m.boot_nonce);
    out.u16(m.capability_version);
    out.u32(m.registry_digest);
    out.u32(m.ledger_digest);
    out.u32(m.facts_digest);
    out.u8(m.fix);
    out.u8(m.fix_age_4s);
    out.u8(m.battery_percent);
    out.u8(m.state);
    out.u8(m.seeks_echo ? 1 : 0);
    // The rest is echoes: their number follows from the length.
    for (const std::uint32_t echo : m.echoes) out.u32(echo);
}

Status get(ByteReader& in, Beacon& m) {
    m.boot_nonce = in.u32();
    m.capability_version = in.u16();
    m.registry_digest = in.u32();
    m.ledger_digest = in.u32();
    m.facts_digest = in.u32();
    m.fix = in.u8();
    m.fix_age_4s = in.u8();
    m.battery_percent = in.u8();
    m.state = in.u8();
    const std::uint8_t seeks_echo = in.u8();
    if (!in.failed() && (seeks_echo > 1 || m.battery_percent > 100)) return Error::Malformed;
    m.seeks_echo = seeks_echo == 1;
    while (!in.failed() && !in.rest().empty()) {
        if (!m.echoes.try_push(in.u32())) return Error::Malformed;
    }
    return {};
}

void put(ByteWriter& out, const CapabilityQuery& m) {
    out.u32(m.node.value);
    out.u16(m.wanted);
}

Status get(ByteReader& in, CapabilityQuery& m) {
    m.node.value = in.u32();
    m.wanted = in.u16();
    return {};
}

void put(ByteWriter& out, const AssistRequest& m) {
    out.u32(m.nonce);
    out.u8(m.attempt);
    out.u8(static_cast<std::uint8_t>(static_cast<unsigned>(m.reason) | m.kept_out.size() << 4U));
    out.u8(m.fix);
    out.u8(m.fix_age_4s);
    out.u8(m.battery_percent);
    out.u16(m.sites_left);
    out.u64(m.policy_digest);
    out.u64(m.facts_digest);
    out.u8(static_cast<std::uint8_t>(m.transition_count | m.echoes.size() << 4U));
    out.u8(static_cast<std::uint8_t>(m.transitions));
    out.u32(static_cast<std::uint32_t>(m.transitions >> 8U));
    for (const std::uint32_t echo : m.echoes) out.u32(echo);
    for (const CellIndex cell : m.kept_out) out.u8(cell);
    for (const CellIndex cell : m.taken) out.u8(cell);
}

Status get(ByteReader& in, AssistRequest& m) {
    m.nonce = in.u32();
    m.attempt = in.u8();
    const std::uint8_t head = in.u8();
    const unsigned reason = head & 0xFU;
    m.fix = in.u8();
    m.fix_age_4s = in.u8();
    m.battery_percent = in.u8();
    m.sites_left = in.u16();
    m.policy_digest = in.u64();
    m.facts_digest = in.u64();
    const std::uint8_t counts = in.u8();
    m.transition_count = counts & 0xFU;
    m.transitions = in.u8();
    m.transitions |= static_cast<std::uint64_t>(in.u32()) << 8U;
    for (unsigned echoes = counts >> 4U; echoes > 0; --echoes) {
        if (!m.echoes.try_push(in.u32())) return Error::Malformed;
    }
    for (unsigned kept_out = head >> 4U; kept_out > 0; --kept_out) {
        if (!m.kept_out.try_push(in.u8())) return Error::Malformed;
    }
    while (!in.failed() && !in.rest().empty()) {
        if (!m.taken.try_push(in.u8())) return Error::Malformed;
    }
    if (in.failed()) return {};
    if (reason < 1 || reason > 2 || m.transition_count > 8 || m.battery_percent > 100)
        return Error::Malformed;
    m.reason = static_cast<AssistRequest::Reason>(reason);
    return {};
}

void put(ByteWriter& out, const Offer& m) {
    out.u32(m.to.value);
    out.u32(m.nonce);
    out.u32(m.offer_nonce);
    out.u16(m.eta_s);
    out.u16(m.price_ms);
    put(out, m.window);
}

Status get(ByteReader& in, Offer& m) {
    m.to.value = in.u32();
    m.nonce = in.u32();
    m.offer_nonce = in.u32();
    m.eta_s = in.u16();
    m.price_ms = in.u16();
    get(in, m.window);
    return {};
}

void put(ByteWriter& out, const Award& m) {
    out.u32(m.to.value);
    out.u32(m.nonce);
    out.u32(m.offer_nonce);
    put(out, m.window);
}

Status get(ByteReader& in, Award& m) {
    m.to.value = in.u32();
    m.nonce = in.u32();
    m.offer_nonce = in.u32();
    get(in, m.window);
    return {};
}

void put(ByteWriter& out, const Progress& m) {
    out.u32(m.to.value);
    out.u32(m.nonce);
    out.u8(static_cast<std::uint8_t>(m.stage));
    out.u16(m.eta_s);
}

Status get(ByteReader& in, Progress& m) {
    m.to.value = in.u32();
    m.nonce = in.u32();
    const std::uint8_t stage = in.u8();
    m.eta_s = in.u16();
    if (in.failed()) return {};
    if (stage < 1 || stage > 3) return Error::Malformed;
    m.stage = static_cast<Progress::Stage>(stage);
    return {};
}

void put(ByteWriter& out, const Result& m) {
    out.u32(m.to.value);
    out.u32(m.nonce);
    out.u8(static_cast<std::uint8_t>(m.outcome));
    out.u16(m.confidence_permille);
}

Status get(ByteReader& in, Result& m) {
    m.to.value = in.u32();
    m.nonce = in.u32();
    const std::uint8_t outcome = in.u8();
    m.confidence_permille = in.u16();
    if (in.failed()) return {};
    if (outcome < 1 || outcome > 3 || m.confidence_permille > 1000) return Error::Malformed;
    m.outcome = static_cast<Result::Outcome>(outcome);
    return {};
}

void put(ByteWriter& out, const Cancel& m) {
    out.u32(m.to.value);
    out.u32(m.nonce);
    out.u8(m.reason);
}

Status get(ByteReader& in, Cancel& m) {
    m.to.value = in.u32();
    m.nonce = in.u32();
    m.reason = in.u8();
    if (in.failed()) return {};
    if (m.reason < 1 || m.reason > 3) return Error::Malformed;
    return {};
}

void put(ByteWriter& out, const FactsQuery& m) {
    out.u64(m.facts_digest);
    for (const std::uint32_t held : m.have) out.u32(held);
}

Status get(ByteReader& in, FactsQuery& m) {
    m.facts_digest = in.u64();
    while (!in.failed() && !in.rest().empty()) {
        if (!m.have.try_push(in.u32())) return Error::Malformed;
    }
    return {};
}

void put(ByteWriter& out, const Window& m) {
    out.u32(m.to.value);
    out.u32(m.nonce);
    out.u8(m.accepted ? 1 : 0);
    put(out, m.terms);
}

Status get(ByteReader& in, Window& m) {
    m.to.value = in.u32();
    m.nonce = in.u32();
    const std::uint8_t accepted = in.u8();
    get(in, m.terms);
    if (accepted > 1) return Error::Malformed;
    m.accepted = accepted == 1;
    return {};
}

void put(ByteWriter& out, const Telemetry& m) {
    out.u16(m.sequence);
    out.u16(m.samples);
    out.write(m.low_cdeg);
    out.write(m.mean_cdeg);
    out.write(m.high_cdeg);
    out.u8(m.battery_percent);
    out.u8(m.sources);
    out.u8(m.held);
}

Status get(ByteReader& in, Telemetry& m) {
    m.sequence = in.u16();
    m.samples = in.u16();
    m.low_cdeg = in.read<std::int16_t>();
    m.mean_cdeg = in.read<std::int16_t>();
    m.high_cdeg = in.read<std::int16_t>();
    m.battery_percent = in.u8();
    m.sources = in.u8();
    m.held = in.u8();
    if (in.failed()) return {};
    if (m.low_cdeg > m.mean_cdeg || m.mean_cdeg > m.high_cdeg || m.battery_percent > 100)
        return Error::Malformed;
    return {};
}

void put(ByteWriter& out, const LedgerHeads& m) {
    out.u64(m.digest);
    for (const LedgerHeads::Head& head : m.heads) {
        out.u32(head.author.value);
        out.u16(head.sequence);
    }
}

Status get(ByteReader& in, LedgerHeads& m) {
    m.digest = in.u64();
    while (!in.failed() && !in.rest().empty()) {
        LedgerHeads::Head head;
        head.author.value = in.u32();
        head.sequence = in.u16();
        if (!m.heads.try_push(head)) return Error::Malformed;
    }
    return {};
}

// Messages that are one opaque, non-empty string of bytes.
template <std::size_t N>
Status get_opaque(ByteReader& in, Bytes<N>& bytes) {
    if (in.rest().empty()) return Error::Truncated;
    if (!bytes.assign(in.rest())) return Error::Malformed;
    (void)in.take(in.rest().size());
    return {};
}

void put(ByteWriter& out, const Capability& m) { out.bytes(m.record.view()); }

Status get(ByteReader& in, Capability& m) { return get_opaque(in, m.record); }

void put(ByteWriter& out, const Facts& m) { out.bytes(m.body.view()); }

Status get(ByteReader& in, Facts& m) { return get_opaque(in, m.body); }

void put(ByteWriter& out, const SuccessAck& m) { out.bytes(m.entry.view()); }

Status get(ByteReader& in, SuccessAck& m) { return get_opaque(in, m.entry); }

void put(ByteWriter& out, const LedgerEntry& m) { out.bytes(m.entry.view()); }

Status get(ByteReader& in, LedgerEntry& m) { return get_opaque(in, m.entry); }

template <typename T>
compot::Result<Message> decode_as(BytesView body) {
    ByteReader in{body};
    T message{};
    const Status valid = get(in, message);
    const Status whole = in.finish();
    if (in.failed()) return Error::Truncated;
    if (!valid.ok()) return valid.error();
    if (!whole.ok()) return whole.error();
    return Message{message};
}

}  // namespace

compot::Result<std::size_t> encode_body(const Message& message, MutableBytes out) {
    ByteWriter writer{out};
    std::visit([&writer](const auto& m) { put(writer, m); }, message);
    if (writer.failed()) return Error::TooBig;
    return writer.size();
}

compot::Result<Message> decode_body(MessageType type, BytesView body) {
    switch (type) {
        case MessageType::Beacon: return decode_as<Beacon>(body);
        case MessageType::Capability: return decode_as<Capability>(body);
        case MessageType::CapabilityQuery: return decode_as<CapabilityQuery>(body);
        case MessageType::AssistRequest: return decode_as<AssistRequest>(body);
        case MessageType::Offer: return decode_as<Offer>(body);
        case MessageType::Award: return decode_as<Award>(body);
        case MessageType::Progress: return decode_as<Progress>(body);
        case MessageType::Result: return decode_as<Result>(body);
        case MessageType::Cancel: return decode_as<Cancel>(body);
        case MessageType::Facts: return decode_as<Facts>(body);
        case MessageType::FactsQuery: return decode_as<FactsQuery>(body);
        case MessageType::Window: return decode_as<Window>(body);
        case MessageType::SuccessAck: return decode_as<SuccessAck>(body);
        case MessageType::Telemetry: return decode_as<Telemetry>(body);
        case MessageType::LedgerEntry: return decode_as<LedgerEntry>(body);
        case MessageType::LedgerHeads: return decode_as<LedgerHeads>(body);
    }
    return Error::Unsupported;
}

compot::Result<NodeId> peek_addressee(BytesView body) {
    ByteReader in{body};
    const NodeId to{in.u32()};
    if (in.failed()) return Error::Truncated;
    return to;
}

}  // namespace compot::profile
