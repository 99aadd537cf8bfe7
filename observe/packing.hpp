#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "observe/recording.hpp"

/// Text packed on its way to a file, as one zstd frame (`zstd -dc FILE` unpacks it): a fifteenth of
/// its size. Whenever 32 kB have come, what there is can be unpacked by itself, so of a run that is
/// interrupted no more than that is lost. The same text gives the same bytes.

namespace compot::observe {

class Packer final : public ByteSink {
public:
    /// `out` must outlive the packer.
    explicit Packer(ByteSink& out);

    /// As ByteSink. Blocks end where a write ends.
    bool write(std::string_view bytes) override;

    /// Everything that is still held, and the frame's end with a checksum. False when it could not
    /// be kept.
    [[nodiscard]] bool finish();

private:
    enum class How : std::uint8_t { Collect, Flush, End };
    bool push(std::string_view bytes, How how);

    struct Free {
        void operator()(void* state) const;
    };

    ByteSink& out_;
    std::unique_ptr<void, Free> state_;
    std::size_t held_ = 0;
    bool failed_ = false;
};

[[nodiscard]] bool is_packed(std::string_view bytes);

struct Unpacked {
    enum class End : std::uint8_t { Whole, CutOff, Damaged };
    std::string text;  ///< as far as it could be had
    End end = End::Whole;
    std::string why;  ///< a sentence when it is damaged
};

/// Unpacks at most `bytes_max`; a text that is longer counts as damaged.
[[nodiscard]] Unpacked unpack(std::string_view bytes, std::size_t bytes_max);

}  // namespace compot::observe
