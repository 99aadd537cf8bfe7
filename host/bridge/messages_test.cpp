#include "host/bridge/messages.hpp"

#include <gtest/gtest.h>

#include "core/base/doc_bytes_test.hpp"

namespace compot::bridge {
namespace {

const JobId kId{NodeId{0xB2}, 0x1234};

/// Nothing shorter is a whole message, and nothing may follow one that has an end.
template <typename Parse>
void expect_exact(const ByteString& body, Parse parse, bool has_end) {
    ASSERT_TRUE(parse(body).ok());
    for (std::size_t size = 0; has_end && size < body.size(); ++size)
        EXPECT_FALSE(parse(BytesView{body}.first(size)).ok()) << size;
    ByteString longer = body;
    longer.push_back(0);
    if (has_end) {
        EXPECT_FALSE(parse(longer).ok());
    }
}

TEST(Messages, come_out_as_they_went_in) {
    const Heads heads{1, 2, 3};
    expect_exact(encode(heads), parse<Heads>, true);
    EXPECT_EQ(*parse<Heads>(encode(heads)), heads);

    Summary summary;
    summary.heads = heads;
    summary.last = true;
    summary.ledger.push({NodeId{7}, 3});
    summary.registry.push({NodeId{8}, 4});
    summary.facts = {5, 6};
    expect_exact(encode(summary), parse<Summary>, true);
    const auto back = parse<Summary>(encode(summary));
    EXPECT_TRUE(back->last);
    EXPECT_EQ(back->ledger, summary.ledger);
    EXPECT_EQ(back->registry, summary.registry);
    EXPECT_EQ(back->facts, summary.facts);

    Items items;
    items.items = {{profile::MessageType::LedgerEntry, {1, 2}},
                   {profile::MessageType::Facts, {3}},
                   {profile::MessageType::Capability, {}}};
    const auto given = parse<Items>(encode(items));
    ASSERT_TRUE(given.ok());
    ASSERT_EQ(given->items.size(), 3U);
    EXPECT_EQ(given->items[0].bytes, (ByteString{1, 2}));
    EXPECT_EQ(given->items[1].what, profile::MessageType::Facts);
    EXPECT_FALSE(parse<Items>(ByteString{15, 3, 1, 2}).ok());
    EXPECT_FALSE(parse<Items>(ByteString{4, 1, 1}).ok());  // no item: an assist request

    const auto job = parse<Job>(encode(Job{kId, 2, {9, 9}}));
    ASSERT_TRUE(job.ok());
    EXPECT_EQ(job->id, kId);
    EXPECT_EQ(job->attempt, 2);
    EXPECT_EQ(job->request, (ByteString{9, 9}));

    expect_exact(encode(Claim{kId, 1, 77}), parse<Claim>, true);
    EXPECT_EQ(parse<Claim>(encode(Claim{kId, 1, 77}))->word, 77U);
    EXPECT_EQ(doc_bytes("doc/bridge.md", "bridge-award"), hex(encode(Award{kId, 1, 77, 88, 3600})));
    expect_exact(encode(Award{kId, 1, 77, 88, 3600}), parse<Award>, true);
    EXPECT_EQ(parse<Award>(encode(Award{kId, 1, 77, 88, 3600}))->lease_s, 3600U);
    EXPECT_EQ(parse<JobResult>(encode(JobResult{kId, 1, 88, {4}}))->answer, ByteString{4});
    expect_exact(encode(Done{kId}), parse<Done>, true);
    expect_exact(encode(Description{3000, 5, 1024}), parse<Description>, true);
    EXPECT_EQ(parse<Description>(encode(Description{3000, 5, 1024}))->digest, 5U);
    const auto piece = parse<Piece>(encode(Piece{kId, 88, 2, {1, 2, 3}}));
    EXPECT_EQ(piece->number, 2);
    EXPECT_EQ(piece->bytes, (ByteString{1, 2, 3}));
    EXPECT_EQ(parse<Want>(encode(Want{kId, 88, {0, 5}}))->lacking, (ByteString{0, 5}));
    EXPECT_EQ(parse<Sight>(encode(Sight{2, 940, {'n'}}))->confidence_permille, 940);
}

TEST(Messages, counts_out_of_range_are_refused) {
    ByteString summary = encode(Summary{});
    summary[24] = 2;  // neither an answer nor none
    EXPECT_FALSE(parse<Summary>(summary).ok());
    summary = encode(Summary{});
    summary[25] = 33;  // more marks than there are
    EXPECT_FALSE(parse<Summary>(summary).ok());
    summary = encode(Summary{});
    summary[27] = 65;
    EXPECT_FALSE(parse<Summary>(summary).ok());
}

}  // namespace
}  // namespace compot::bridge
