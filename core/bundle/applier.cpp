#include "core/bundle/applier.hpp"

#include <algorithm>

#include "core/crypto/crypto.hpp"

namespace compot::bundle {

Status Applier::begin(BytesView old_image, BytesView patch, BytesView slot) {
    codec_.reset();
    held_size_ = held_at_ = 0;
    ByteReader in(patch);
    const Result<PatchHeader> header = PatchHeader::read(in);
    if (!header) return header.error();
    if (old_image.size() > kImageBytesMax || header->new_size > slot.size()) return Error::TooBig;
    old_digest_ = crypto::digest(old_image);
    if (!std::equal(header->old_check.begin(), header->old_check.end(), old_digest_.begin()))
        return Error::Unknown;
    header_ = *header;
    body_ = in.rest();
    head_ = patch.first(patch.size() - body_.size() - header_.seal.size());
    slot_ = slot.first(header->new_size);
    decoder_.emplace(body_);
    codec_.emplace(*decoder_, old_image, slot_, header_.base, header_.new_size);
    const Status begun = codec_->begin();
    if (!begun) codec_.reset();
    return begun;
}

Result<std::size_t> Applier::next(MutableBytes block) {
    COMPOT_CHECK(codec_.has_value() && block.size() >= 4);
    std::size_t size = 0;
    while (held_at_ < held_size_) block[size++] = held_[held_at_++];
    codec_->set_block(block.data(), codec_->new_at() - static_cast<std::uint32_t>(size));
    while (size < block.size() && !codec_->done()) {
        held_size_ = codec_->unit(held_);
        if (held_size_ == 0) return Error::Malformed;
        if (decoder_->ran_dry()) return Error::Truncated;
        held_at_ = 0;
        while (held_at_ < held_size_ && size < block.size()) block[size++] = held_[held_at_++];
    }
    return size;
}

Status Applier::finish() const {
    if (seal_of(old_digest_, crypto::digest(slot_), head_, body_) != header_.seal)
        return Error::Forged;
    return {};
}

}  // namespace compot::bundle
