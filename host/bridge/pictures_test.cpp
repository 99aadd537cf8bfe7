#include "host/bridge/pictures.hpp"

#include <gtest/gtest.h>

#include "core/base/doc_bytes_test.hpp"
#include "host/bridge/fixture.hpp"

namespace compot::bridge {
namespace {

TEST(Pictures, are_whole_when_all_their_pieces_have_come_in_any_order) {
    for (const std::size_t bytes : {std::size_t{4}, kPieceBytesMin, kPieceBytesMin + 1,
                                    std::size_t{10'000}, kPictureBytesMax}) {
        const ByteString file = test_jpeg(bytes);
        const Description description = describe(file, kPieceBytesMin);
        ASSERT_TRUE(parse_description(encode(description)).ok());
        Parcel parcel(description);
        for (std::size_t i = pieces_of(description); i-- > 0;) {
            EXPECT_FALSE(parcel.whole());
            EXPECT_EQ(parcel.lacking().size(), i + 1);
            EXPECT_TRUE(parcel.put(i, piece_of(description, file, i)).ok());
        }
        ASSERT_TRUE(parcel.whole());
        EXPECT_EQ(*parcel.open(), file);
    }
}

TEST(Pictures, take_no_piece_that_they_have_not) {
    const ByteString file = test_jpeg(2500);
    const Description description = describe(file, 1024);
    Parcel parcel(description);
    EXPECT_EQ(parcel.put(3, ByteString(452)).error(), Error::Malformed);
    EXPECT_EQ(parcel.put(0, ByteString(1023)).error(), Error::Malformed);
    EXPECT_EQ(parcel.put(0, ByteString(1025)).error(), Error::Malformed);
    EXPECT_EQ(parcel.put(2, ByteString(1024)).error(), Error::Malformed);
    EXPECT_EQ(parcel.lacking(), (ByteString{0, 1, 2}));
    // The first that came counts: what is wrong shows in the digest.
    EXPECT_TRUE(parcel.put(2, piece_of(description, file, 2)).ok());
    EXPECT_TRUE(parcel.put(2, ByteString(452)).ok());
    EXPECT_TRUE(parcel.put(0, piece_of(description, file, 0)).ok());
    EXPECT_TRUE(parcel.put(1, piece_of(description, file, 1)).ok());
    EXPECT_EQ(*parcel.open(), file);
}

TEST(Pictures, of_another_digest_or_that_are_no_jpeg_are_refused) {
    ByteString file = test_jpeg(1024);
    Description description = describe(file, 1024);
    ++description.digest;
    Parcel other(description);
    ASSERT_TRUE(other.put(0, file).ok());
    EXPECT_EQ(other.open().error(), Error::Forged);
    file[0] = 'P';
    Parcel none(describe(file, 1024));
    ASSERT_TRUE(none.put(0, file).ok());
    EXPECT_EQ(none.open().error(), Error::Unsupported);
}

TEST(Pictures, are_described_within_bounds) {
    EXPECT_EQ(parse_description(encode(Description{65'537, 1, 1024})).error(), Error::TooBig);
    EXPECT_EQ(parse_description(encode(Description{0, 1, 1024})).error(), Error::Malformed);
    EXPECT_EQ(parse_description(encode(Description{100, 1, 1023})).error(), Error::Malformed);
    EXPECT_EQ(parse_description(encode(Description{100, 1, 8001})).error(), Error::Malformed);
    EXPECT_FALSE(parse_description(ByteString(13)).ok());
    EXPECT_EQ(doc_bytes("doc/bridge.md", "bridge-picture"),
              hex(encode(Description{2874, 0x0123456789ABCDEF, 1024})));
}

TEST(Sights, come_out_as_they_went_in_and_nothing_else_does) {
    const scene::Scene scene{learn::TileClass::Dangerous, 940, "int8 net"};
    const auto back = parse_scene(encode_scene(scene));
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(back->what, scene.what);
    EXPECT_EQ(back->confidence_permille, 940);
    EXPECT_EQ(back->backend, "int8 net");
    EXPECT_EQ(doc_bytes("doc/bridge.md", "bridge-sight"), hex(encode_scene(scene)));
    EXPECT_EQ(parse_scene(encode_scene({scene.what, 65'535, std::string(90, 'x') + "\n"}))->backend,
              std::string(32, 'x'));
    EXPECT_EQ(parse_scene(encode_scene({scene.what, 9, "a\nb"}))->backend, "a?b");
    EXPECT_FALSE(parse_scene({}).ok());
    EXPECT_FALSE(parse_scene(encode(Sight{4, 940, {'n'}})).ok());
    EXPECT_FALSE(parse_scene(encode(Sight{3, 1001, {'n'}})).ok());
    EXPECT_FALSE(parse_scene(encode(Sight{3, 940, {}})).ok());
    EXPECT_FALSE(parse_scene(encode(Sight{3, 940, {0x1B}})).ok());
    EXPECT_FALSE(parse_scene(encode(Sight{3, 940, ByteString(33, 'n')})).ok());
}

}  // namespace
}  // namespace compot::bridge
