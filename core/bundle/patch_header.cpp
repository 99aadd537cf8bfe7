#include "core/bundle/patch_header.hpp"

#include <algorithm>

#include "core/bundle/copy_map.hpp"

namespace compot::bundle {

namespace {

constexpr std::uint8_t kFormat = 0xD0;

void write_varint(ByteWriter& out, std::uint32_t value) {
    for (; value >= 0x80; value >>= 7U) out.u8(static_cast<std::uint8_t>(value | 0x80U));
    out.u8(static_cast<std::uint8_t>(value));
}

std::uint32_t read_varint(ByteReader& in) {
    std::uint32_t value = 0;
    for (unsigned shift = 0; shift < 28; shift += 7) {
        const std::uint8_t byte = in.u8();
        value |= (byte & 0x7FU) << shift;
        if (byte < 0x80) break;
    }
    return value;
}

}  // namespace

Result<PatchHeader> PatchHeader::read(ByteReader& in) {
    const std::uint8_t format = in.u8();
    PatchHeader header;
    header.base = read_varint(in) << 8U;
    header.new_size = read_varint(in);
    in.copy_to(header.old_check);
    in.copy_to(header.seal);
    if (in.failed()) return Error::Truncated;
    if (format != kFormat) return Error::Unsupported;
    if (header.new_size > kImageBytesMax) return Error::TooBig;
    return header;
}

void PatchHeader::write(ByteWriter& out) const {
    out.u8(kFormat);
    write_varint(out, base >> 8U);
    write_varint(out, new_size);
    out.bytes(old_check);
    out.bytes(seal);
}

std::array<std::uint8_t, 8> seal_of(const crypto::Digest& old_image,
                                    const crypto::Digest& new_image, BytesView head,
                                    BytesView body) {
    std::array<std::uint8_t, 4 * crypto::Digest{}.size()> all{};
    ByteWriter out(all);
    out.bytes(old_image);
    out.bytes(new_image);
    out.bytes(crypto::digest(head));
    out.bytes(crypto::digest(body));
    const crypto::Digest whole = crypto::digest(all);
    std::array<std::uint8_t, 8> seal{};
    std::copy_n(whole.begin(), seal.size(), seal.begin());
    return seal;
}

}  // namespace compot::bundle
