#include "host/web/multipart.hpp"

#include <gtest/gtest.h>

namespace compot::web {
namespace {

const std::string kType = "multipart/form-data; boundary=XyZ";

const std::string kBody =
    "--XyZ\r\nContent-Disposition: form-data; name=\"metadata\"\r\n\r\n{\"tileX\":3}\r\n"
    "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a;b.png\"\r\n"
    "Content-Type: image/png\r\n\r\n\x89PNG\r\n\r\n--Xy\r\n--XyZ--\r\n";

TEST(Multipart, gives_names_types_and_bytes) {
    const auto parts = parse_multipart(kType, kBody);
    ASSERT_TRUE(parts) << parts.error();
    ASSERT_EQ(parts->size(), 2U);
    EXPECT_EQ((*parts)[0].name, "metadata");
    EXPECT_EQ((*parts)[0].data, "{\"tileX\":3}");
    EXPECT_EQ((*parts)[1].name, "file");
    EXPECT_EQ((*parts)[1].filename, "a;b.png");
    EXPECT_EQ((*parts)[1].content_type, "image/png");
    EXPECT_EQ((*parts)[1].data, "\x89PNG\r\n\r\n--Xy");
}

TEST(Multipart, takes_what_browsers_and_curl_vary_in) {
    EXPECT_TRUE(parse_multipart("Multipart/Form-Data; charset=utf-8; Boundary=\"XyZ\"", kBody));
    EXPECT_TRUE(parse_multipart(kType, "preamble\r\n" + kBody + "epilogue"));
    const auto empty = parse_multipart(kType, "--XyZ--\r\n");
    ASSERT_TRUE(empty);
    EXPECT_TRUE(empty->empty());
    const auto bare = parse_multipart(
        kType, "--XyZ  \r\ncontent-disposition:form-data;name=file\r\n\r\n\r\n--XyZ--");
    ASSERT_TRUE(bare) << bare.error();
    EXPECT_EQ((*bare)[0].name, "file");
    EXPECT_EQ((*bare)[0].data, "");
}

TEST(Multipart, refuses_the_wrong_type_or_boundary) {
    EXPECT_FALSE(parse_multipart("application/json", kBody));
    EXPECT_FALSE(parse_multipart("", kBody));
    EXPECT_FALSE(parse_multipart("multipart/form-data", kBody));
    EXPECT_FALSE(parse_multipart("multipart/form-data; boundary=", kBody));
    EXPECT_FALSE(parse_multipart("multipart/form-data; boundary=other", kBody));
    EXPECT_FALSE(parse_multipart("multipart/form-data; boundary=" + std::string(71, 'x'), kBody));
}

TEST(Multipart, cut_anywhere_gives_no_parts) {
    const std::size_t end = kBody.find("--XyZ--") + 7;
    for (std::size_t size = 0; size < end; ++size)
        EXPECT_FALSE(parse_multipart(kType, kBody.substr(0, size))) << size;
}

TEST(Multipart, refuses_nameless_parts_long_headers_and_floods_of_parts) {
    EXPECT_FALSE(parse_multipart(kType, "--XyZ\r\n\r\ndata\r\n--XyZ--"));
    EXPECT_FALSE(
        parse_multipart(kType, "--XyZ\r\nContent-Disposition: form-data\r\n\r\ndata\r\n--XyZ--"));
    EXPECT_FALSE(parse_multipart(
        kType, "--XyZ\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\ndata\r\n--XyZ--"));
    EXPECT_FALSE(parse_multipart(kType, "--XyZ\r\nContent-Disposition: form-data; name=\"" +
                                            std::string(5000, 'x') + "\"\r\n\r\ndata\r\n--XyZ--"));
    std::string flood = "--XyZ";
    for (int i = 0; i < 9; ++i)
        flood += "\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--XyZ";
    EXPECT_FALSE(parse_multipart(kType, flood + "--"));
}

}  // namespace
}  // namespace compot::web
