#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/containers.hpp"
#include "core/mesh/client.hpp"

/// Finds a radio's messages in what comes over a line, also over one that loses bytes and adds
/// some. Meshtastic's stream has no checksum, so a message whose lost bytes were replaced by as
/// many others can look whole; where the replacement is the next message's beginning this is
/// noticed, and nothing is made of it.

namespace compot::stream_client {

class Frames {
public:
    /// `lossy`: bytes may be missing, as on a serial line. Without it a whole message is believed
    /// at once.
    explicit Frames(bool lossy) : lossy_(lossy) {}

    void add(BytesView bytes) { waiting_.insert(waiting_.end(), bytes.begin(), bytes.end()); }

    /// The next message, in order; nothing while none is whole. Call until nothing comes: then at
    /// most two messages' bytes are kept.
    [[nodiscard]] std::optional<mesh::FromRadio> next();

    /// The line has been silent for so long that the rest of a message begun is lost. next() then
    /// gives what is hidden behind it.
    void silence() { silent_ = true; }

    /// Something has begun and is not whole.
    [[nodiscard]] bool pending() const { return !waiting_.empty(); }

    /// A line was opened anew.
    void reset();

    struct Counters {
        std::uint64_t frames = 0;     ///< whole messages
        std::uint64_t skipped = 0;    ///< bytes that belonged to none
        std::uint64_t malformed = 0;  ///< looked like a frame and was none
        std::uint64_t cut = 0;        ///< ran into the next one's beginning
    };

    [[nodiscard]] const Counters& counters() const { return counters_; }

private:
    enum class Verdict : std::uint8_t { Whole, Wait, Cut };

    void drop(std::size_t bytes);
    [[nodiscard]] bool seek_header();
    [[nodiscard]] std::size_t length_at(std::size_t at) const;
    [[nodiscard]] bool header_at(std::size_t at) const;
    [[nodiscard]] Verdict judge(std::size_t end) const;

    bool lossy_;
    bool silent_ = false;
    std::vector<std::uint8_t> waiting_;
    Counters counters_;
};

}  // namespace compot::stream_client
