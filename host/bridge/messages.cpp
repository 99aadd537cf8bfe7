#include "host/bridge/messages.hpp"

#include "core/base/bytes.hpp"
#include "core/base/check.hpp"

namespace compot::bridge {

namespace {

/// Appends; the body is as long as it becomes.
class Pen {
public:
    template <typename T>
    Pen& operator<<(T value) {
        for (std::size_t i = 0; i < sizeof(T); ++i)
            out_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
        return *this;
    }

    Pen& operator<<(NodeId id) { return *this << id.value; }

    Pen& operator<<(const JobId& id) { return *this << id.asker << id.nonce; }

    Pen& operator<<(const Heads& heads) {
        return *this << heads.ledger << heads.registry << heads.facts;
    }

    Pen& operator<<(const sync::Marks& marks) {
        *this << static_cast<std::uint8_t>(marks.size());
        for (const sync::Mark& mark : marks) *this << mark.owner << mark.version;
        return *this;
    }

    Pen& append(BytesView bytes) {
        out_.insert(out_.end(), bytes.begin(), bytes.end());
        return *this;
    }

    [[nodiscard]] ByteString take() { return std::move(out_); }

private:
    ByteString out_;
};

JobId read_id(ByteReader& reader) {
    const NodeId asker{reader.u32()};
    return {asker, reader.u32()};
}

Heads read_heads(ByteReader& reader) {
    Heads heads;
    heads.ledger = reader.u64();
    heads.registry = reader.u64();
    heads.facts = reader.u64();
    return heads;
}

/// False for more than fit; the reader's own failure is looked at in the end.
bool read_marks(ByteReader& reader, sync::Marks& marks) {
    const std::uint8_t count = reader.u8();
    for (unsigned i = 0; i < count && !reader.failed(); ++i) {
        const NodeId owner{reader.u32()};
        if (!marks.try_push({owner, reader.u16()})) return false;
    }
    return true;
}

ByteString rest_of(ByteReader& reader) {
    const BytesView rest = reader.rest();
    ByteString out(rest.begin(), rest.end());
    (void)reader.take(rest.size());
    return out;
}

template <typename Message>
Result<Message> finished(const ByteReader& reader, const Message& message) {
    if (const Status status = reader.finish(); !status.ok()) return status.error();
    return message;
}

bool is_item(std::uint8_t what) {
    using profile::MessageType;
    return what == static_cast<std::uint8_t>(MessageType::LedgerEntry) ||
           what == static_cast<std::uint8_t>(MessageType::Facts) ||
           what == static_cast<std::uint8_t>(MessageType::Capability);
}

}  // namespace

ByteString encode(const Heads& message) { return (Pen() << message).take(); }

ByteString encode(const Summary& message) {
    Pen pen;
    pen << message.heads << static_cast<std::uint8_t>(message.last ? 1 : 0) << message.ledger
        << message.registry << static_cast<std::uint8_t>(message.facts.size());
    COMPOT_CHECK(message.facts.size() <= Summary::kFactsMax);
    for (const std::uint32_t id : message.facts) pen << id;
    return pen.take();
}

ByteString encode(const Items& message) {
    Pen pen;
    for (const Item& item : message.items) {
        COMPOT_CHECK(item.bytes.size() <= 0xFF);
        pen << static_cast<std::uint8_t>(item.what) << static_cast<std::uint8_t>(item.bytes.size());
        pen.append(item.bytes);
    }
    return pen.take();
}

ByteString encode(const Job& message) {
    return (Pen() << message.id << message.attempt).append(message.request).take();
}

ByteString encode(const Claim& message) {
    return (Pen() << message.id << message.attempt << message.word).take();
}

ByteString encode(const Award& message) {
    return (Pen() << message.id << message.attempt << message.claim_word << message.word
                  << message.lease_s)
        .take();
}

ByteString encode(const JobResult& message) {
    return (Pen() << message.id << message.attempt << message.award_word)
        .append(message.facts)
        .take();
}

ByteString encode(const Done& message) { return (Pen() << message.id).take(); }

Result<Heads> parse_heads(BytesView body) {
    ByteReader reader(body);
    const Heads message = read_heads(reader);
    return finished(reader, message);
}

Result<Summary> parse_summary(BytesView body) {
    ByteReader reader(body);
    Summary message;
    message.heads = read_heads(reader);
    const std::uint8_t last = reader.u8();
    if (last > 1) return Error::Malformed;
    message.last = last == 1;
    if (!read_marks(reader, message.ledger) || !read_marks(reader, message.registry))
        return Error::Malformed;
    const std::uint8_t facts = reader.u8();
    if (facts > Summary::kFactsMax) return Error::Malformed;
    for (unsigned i = 0; i < facts; ++i) message.facts.push_back(reader.u32());
    return finished(reader, message);
}

Result<Items> parse_items(BytesView body) {
    ByteReader reader(body);
    Items message;
    while (!reader.failed() && !reader.rest().empty()) {
        const std::uint8_t what = reader.u8();
        if (!is_item(what)) return Error::Malformed;
        const std::uint8_t size = reader.u8();
        const BytesView bytes = reader.take(size);
        message.items.push_back(
            {static_cast<profile::MessageType>(what), {bytes.begin(), bytes.end()}});
    }
    return finished(reader, message);
}

Result<Job> parse_job(BytesView body) {
    ByteReader reader(body);
    Job message;
    message.id = read_id(reader);
    message.attempt = reader.u8();
    message.request = rest_of(reader);
    return finished(reader, message);
}

Result<Claim> parse_claim(BytesView body) {
    ByteReader reader(body);
    Claim message;
    message.id = read_id(reader);
    message.attempt = reader.u8();
    message.word = reader.u32();
    return finished(reader, message);
}

Result<Award> parse_award(BytesView body) {
    ByteReader reader(body);
    Award message;
    message.id = read_id(reader);
    message.attempt = reader.u8();
    message.claim_word = reader.u32();
    message.word = reader.u32();
    message.lease_s = reader.u32();
    return finished(reader, message);
}

Result<JobResult> parse_result(BytesView body) {
    ByteReader reader(body);
    JobResult message;
    message.id = read_id(reader);
    message.attempt = reader.u8();
    message.award_word = reader.u32();
    message.facts = rest_of(reader);
    return finished(reader, message);
}

Result<Done> parse_done(BytesView body) {
    ByteReader reader(body);
    Done message;
    message.id = read_id(reader);
    return finished(reader, message);
}

}  // namespace compot::bridge
