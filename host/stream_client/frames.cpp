#include "host/stream_client/frames.hpp"

#include <algorithm>

#include "core/mesh/stream.hpp"

namespace compot::stream_client {

namespace {

constexpr std::uint8_t kMagic1 = 0x94;
constexpr std::uint8_t kMagic2 = 0xC3;
constexpr std::size_t kHeader = mesh::kStreamHeaderBytes;

}  // namespace

void Frames::drop(std::size_t bytes) {
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(bytes));
}

void Frames::reset() {
    waiting_.clear();
    silent_ = false;
}

std::size_t Frames::length_at(std::size_t at) const {
    return std::size_t{waiting_[at + 2]} << 8U | waiting_[at + 3];
}

/// A possible one: magic and a length that a frame can have.
bool Frames::header_at(std::size_t at) const {
    return at + kHeader <= waiting_.size() && waiting_[at] == kMagic1 &&
           waiting_[at + 1] == kMagic2 && length_at(at) > 0 &&
           length_at(at) <= mesh::kStreamPayloadMax;
}

/// Drops what can't begin a frame. False when more bytes are needed to say.
bool Frames::seek_header() {
    std::size_t at = 0;
    while (at + kHeader <= waiting_.size() && !header_at(at)) ++at;
    // The last three bytes may be the beginning of a header, as far as they go.
    const auto may_begin = [this](std::size_t from) {
        return waiting_[from] == kMagic1 &&
               (from + 1 == waiting_.size() || waiting_[from + 1] == kMagic2);
    };
    while (at < waiting_.size() && !header_at(at) && (silent_ || !may_begin(at))) ++at;
    counters_.skipped += at;
    drop(at);
    return !waiting_.empty() && header_at(0);
}

/// A message that parses and whose bytes hold another header: was its tail lost, and is the next
/// message's beginning in its place? Then the hidden one is whole, too, with what follows `end`. A
/// packet that only quotes a frame never ends with it: its own fields follow the payload.
Frames::Verdict Frames::judge(std::size_t end) const {
    if (!lossy_) return Verdict::Whole;
    for (std::size_t at = 1; at < end; ++at) {
        if (waiting_[at] != kMagic1) continue;
        const std::size_t there = waiting_.size() - at;
        if (there > 1 && waiting_[at + 1] != kMagic2) continue;
        if (there >= kHeader && !header_at(at)) continue;
        const std::size_t hidden_end = there >= kHeader ? at + kHeader + length_at(at) : 0;
        if (hidden_end == 0 || waiting_.size() < hidden_end) {
            // What begins behind `end` is no rest of the hidden one.
            if (silent_ || header_at(end)) continue;
            return Verdict::Wait;
        }
        if (hidden_end < end || (hidden_end > end && header_at(end))) continue;
        const auto hidden =
            mesh::decode_from_radio(BytesView{waiting_}.subspan(at + kHeader, length_at(at)));
        if (hidden && hidden->which_payload_variant != 0) return Verdict::Cut;
    }
    return Verdict::Whole;
}

std::optional<mesh::FromRadio> Frames::next() {
    while (seek_header()) {
        const std::size_t end = kHeader + length_at(0);
        if (waiting_.size() < end) {
            if (!silent_) return std::nullopt;
            counters_.skipped += 1;
            drop(1);
            continue;
        }
        const auto message =
            mesh::decode_from_radio(BytesView{waiting_}.subspan(kHeader, end - kHeader));
        if (!message) {
            ++counters_.malformed;
            counters_.skipped += 1;
            drop(1);
            continue;
        }
        const Verdict verdict = judge(end);
        if (verdict == Verdict::Wait) return std::nullopt;
        if (verdict == Verdict::Cut) {
            ++counters_.cut;
            counters_.skipped += 1;
            drop(1);
            continue;
        }
        ++counters_.frames;
        drop(end);
        return *message;
    }
    silent_ = false;
    return std::nullopt;
}

}  // namespace compot::stream_client
