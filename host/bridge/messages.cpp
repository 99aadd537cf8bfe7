#include "host/bridge/messages.hpp"

#include <tuple>
#include <type_traits>

#include "core/base/bytes.hpp"
#include "core/base/check.hpp"

namespace compot::bridge {

namespace {

template <typename T, typename Message>
concept Of = std::is_same_v<std::remove_const_t<T>, Message>;

// The fields of each message in their order on the wire: what writes them reads them, too.

auto fields(Of<Heads> auto& it) { return std::tie(it.ledger, it.registry, it.facts); }

auto fields(Of<Summary> auto& it) {
    return std::tie(it.heads, it.last, it.ledger, it.registry, it.facts);
}

auto fields(Of<Items> auto& it) { return std::tie(it.items); }

auto fields(Of<JobId> auto& it) { return std::tie(it.asker, it.nonce); }

auto fields(Of<Job> auto& it) { return std::tie(it.id, it.attempt, it.request); }

auto fields(Of<Claim> auto& it) { return std::tie(it.id, it.attempt, it.word); }

auto fields(Of<Award> auto& it) {
    return std::tie(it.id, it.attempt, it.claim_word, it.word, it.lease_s);
}

auto fields(Of<JobResult> auto& it) {
    return std::tie(it.id, it.attempt, it.award_word, it.answer);
}

auto fields(Of<Done> auto& it) { return std::tie(it.id); }

auto fields(Of<Description> auto& it) { return std::tie(it.bytes, it.digest, it.piece_bytes); }

auto fields(Of<Piece> auto& it) { return std::tie(it.id, it.award_word, it.number, it.bytes); }

auto fields(Of<Want> auto& it) { return std::tie(it.id, it.award_word, it.lacking); }

auto fields(Of<Sight> auto& it) { return std::tie(it.what, it.confidence_permille, it.backend); }

/// Appends; the body is as long as it becomes.
class Pen {
public:
    template <typename T>
    void put(const T& value) {
        if constexpr (std::is_integral_v<T>) {
            for (std::size_t i = 0; i < sizeof(T); ++i)
                out_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
        } else {
            std::apply([this](const auto&... field) { (this->put(field), ...); }, fields(value));
        }
    }

    void put(NodeId id) { put(id.value); }

    void put(bool flag) { put(static_cast<std::uint8_t>(flag ? 1 : 0)); }

    /// To the body's end.
    void put(const ByteString& bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }

    void put(const sync::Marks& marks) {
        put(static_cast<std::uint8_t>(marks.size()));
        for (const sync::Mark& mark : marks) {
            put(mark.owner);
            put(mark.version);
        }
    }

    void put(const std::vector<std::uint32_t>& ids) {
        COMPOT_CHECK(ids.size() <= Summary::kFactsMax);
        put(static_cast<std::uint8_t>(ids.size()));
        for (const std::uint32_t id : ids) put(id);
    }

    void put(const std::vector<Item>& items) {
        for (const Item& item : items) {
            COMPOT_CHECK(item.bytes.size() <= 0xFF);
            put(static_cast<std::uint8_t>(item.what));
            put(static_cast<std::uint8_t>(item.bytes.size()));
            put(item.bytes);
        }
    }

    [[nodiscard]] ByteString take() { return std::move(out_); }

private:
    ByteString out_;
};

bool is_item(std::uint8_t what) {
    using profile::MessageType;
    return what == static_cast<std::uint8_t>(MessageType::LedgerEntry) ||
           what == static_cast<std::uint8_t>(MessageType::Facts) ||
           what == static_cast<std::uint8_t>(MessageType::Capability);
}

/// What Pen puts, in the same order. What is wrong is looked at in the end.
class Eye {
public:
    explicit Eye(BytesView body) : reader_(body) {}

    template <typename T>
    void get(T& value) {
        if constexpr (std::is_integral_v<T>) {
            value = reader_.read<T>();
        } else {
            std::apply([this](auto&... field) { (this->get(field), ...); }, fields(value));
        }
    }

    void get(NodeId& id) { get(id.value); }

    void get(bool& flag) {
        const std::uint8_t byte = reader_.u8();
        malformed_ = malformed_ || byte > 1;
        flag = byte == 1;
    }

    void get(ByteString& bytes) { bytes = take(reader_.rest().size()); }

    void get(sync::Marks& marks) {
        const std::uint8_t count = reader_.u8();
        for (unsigned i = 0; i < count && is_well(); ++i) {
            sync::Mark mark;
            get(mark.owner);
            get(mark.version);
            malformed_ = malformed_ || !marks.try_push(mark);
        }
    }

    void get(std::vector<std::uint32_t>& ids) {
        const std::uint8_t count = reader_.u8();
        malformed_ = malformed_ || count > Summary::kFactsMax;
        for (unsigned i = 0; i < count && is_well(); ++i) ids.push_back(reader_.u32());
    }

    void get(std::vector<Item>& items) {
        while (is_well() && !reader_.rest().empty()) {
            const std::uint8_t what = reader_.u8();
            malformed_ = malformed_ || !is_item(what);
            const std::uint8_t size = reader_.u8();
            items.push_back({static_cast<profile::MessageType>(what), take(size)});
        }
    }

    [[nodiscard]] Status finish() const {
        if (malformed_) return Error::Malformed;
        return reader_.finish();
    }

private:
    [[nodiscard]] bool is_well() const { return !malformed_ && !reader_.failed(); }

    ByteString take(std::size_t size) {
        const BytesView bytes = reader_.take(size);
        return {bytes.begin(), bytes.end()};
    }

    ByteReader reader_;
    bool malformed_ = false;
};

}  // namespace

template <typename Message>
ByteString encode(const Message& message) {
    Pen pen;
    pen.put(message);
    return pen.take();
}

template <typename Message>
Result<Message> parse(BytesView body) {
    Eye eye(body);
    Message message;
    eye.get(message);
    if (const Status status = eye.finish(); !status.ok()) return status.error();
    return message;
}

template ByteString encode(const Heads&);
template ByteString encode(const Summary&);
template ByteString encode(const Items&);
template ByteString encode(const Job&);
template ByteString encode(const Claim&);
template ByteString encode(const Award&);
template ByteString encode(const JobResult&);
template ByteString encode(const Done&);
template ByteString encode(const Description&);
template ByteString encode(const Piece&);
template ByteString encode(const Want&);
template ByteString encode(const Sight&);

template Result<Heads> parse(BytesView);
template Result<Summary> parse(BytesView);
template Result<Items> parse(BytesView);
template Result<Job> parse(BytesView);
template Result<Claim> parse(BytesView);
template Result<Award> parse(BytesView);
template Result<JobResult> parse(BytesView);
template Result<Done> parse(BytesView);
template Result<Description> parse(BytesView);
template Result<Piece> parse(BytesView);
template Result<Want> parse(BytesView);
template Result<Sight> parse(BytesView);

}  // namespace compot::bridge
