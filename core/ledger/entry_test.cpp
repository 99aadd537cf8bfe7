#include "core/ledger/entry.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "core/base/doc_bytes_test.hpp"

namespace compot::ledger {
namespace {

Signer signer(std::uint32_t id) {
    Signer out;
    out.id = NodeId{id};
    out.seed.fill(static_cast<std::uint8_t>(id));
    out.signing_public = crypto::signing_public(out.seed);
    return out;
}

Entry an_entry() {
    Entry entry;
    entry.author = NodeId{7};
    entry.sequence = 3;
    entry.kind = Kind::Outcome;
    entry.previous = {1, 2, 3, 4, 5, 6, 7, 8};
    entry.order = (90U << 8U) | 2U;
    entry.body = write_body(OutcomeBody{0xAABBCCDD, NodeId{9}, 1, 0x1122334455667788});
    sign(entry, signer(7));
    return entry;
}

Error error_of(BytesView bytes) {
    const Result<Entry> parsed = parse_entry(bytes);
    return parsed.ok() ? Error::None : parsed.error();
}

TEST(Entry, comes_back_from_its_bytes) {
    const Entry entry = an_entry();
    const EntryBytes bytes = encode(entry);
    EXPECT_EQ(bytes.size(), 20U + 17U + 64U);
    const Result<Entry> back = parse_entry(bytes.view());
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(*back, entry);
    EXPECT_TRUE(verify(*back, signer(7).signing_public));
    const Result<OutcomeBody> body = read_outcome(back->body.view());
    ASSERT_TRUE(body.ok());
    EXPECT_EQ(body->helper, NodeId{9});
    EXPECT_EQ(body->policy_digest, 0x1122334455667788U);
}

TEST(Entry, has_the_bytes_of_the_document) {
    EXPECT_EQ(doc_bytes("doc/ledger.md", "ledger-entry"), hex(encode(an_entry()).view()));
}

TEST(Entry, fits_the_longest_signed_body_of_the_profile) { EXPECT_LE(kEntryBytesMax, 153U); }

TEST(Entry, is_refused_when_any_bit_of_it_was_changed) {
    const EntryBytes bytes = encode(an_entry());
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        EntryBytes changed = bytes;
        changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1U << (bit % 8)));
        const Result<Entry> parsed = parse_entry(changed.view());
        if (parsed.ok()) {
            EXPECT_FALSE(verify(*parsed, signer(7).signing_public)) << bit;
        }
    }
}

TEST(Entry, is_refused_when_it_ends_early_or_late) {
    EntryBytes bytes = encode(an_entry());
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_EQ(error_of(bytes.view().first(size)), Error::Truncated) << size;
    bytes.push(0);
    EXPECT_EQ(error_of(bytes.view()), Error::Malformed);
}

TEST(Entry, is_refused_with_values_that_it_cannot_have) {
    const EntryBytes good = encode(an_entry());
    const auto with = [&good](std::size_t at, std::vector<std::uint8_t> values) {
        EntryBytes bytes = good;
        for (const std::uint8_t value : values) bytes[at++] = value;
        return error_of(bytes.view());
    };
    EXPECT_EQ(with(0, {0, 0, 0, 0}), Error::Malformed) << "nobody";
    EXPECT_EQ(with(0, {255, 255, 255, 255}), Error::Malformed) << "everybody";
    EXPECT_EQ(with(4, {0, 0}), Error::Malformed) << "no sequence";
    EXPECT_EQ(with(4, {1, 0}), Error::Malformed) << "a first entry with a predecessor";
    EXPECT_EQ(with(6, {0}), Error::Unsupported);
    EXPECT_EQ(with(6, {5}), Error::Unsupported);
    EXPECT_EQ(with(19, {33}), Error::TooBig);
}

TEST(Entry, has_bodies_that_come_back) {
    const JoinedBody joined{2, 5, 77};
    const HelpedBody helped{1, NodeId{2}, 3, 4};
    const OutcomeBody outcome{1, NodeId{2}, 3, 4};
    const CheckpointBody checkpoint{1, 2};
    EXPECT_EQ(*read_joined(write_body(joined).view()), joined);
    EXPECT_EQ(*read_helped(write_body(helped).view()), helped);
    EXPECT_EQ(*read_outcome(write_body(outcome).view()), outcome);
    EXPECT_EQ(*read_checkpoint(write_body(checkpoint).view()), checkpoint);
    EXPECT_FALSE(read_joined(write_body(helped).view()).ok());
    EXPECT_FALSE(read_helped(write_body(joined).view()).ok());
    EXPECT_FALSE(read_outcome(write_body(checkpoint).view()).ok());
    EXPECT_FALSE(read_checkpoint({}).ok());
}

}  // namespace
}  // namespace compot::ledger
