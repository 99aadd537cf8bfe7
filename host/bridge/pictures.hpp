#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "edge/scene/classifier.hpp"
#include "host/bridge/messages.hpp"

/// A picture as it crosses: described in the offer, sent in pieces to the one Compot that was
/// awarded it, put together and checked there; and what was seen on it, on its way back. It knows
/// neither owners nor helpers.

namespace compot::bridge {

/// What the receiver's memory is bounded by. A profile may allow less (profile.hpp).
inline constexpr std::size_t kPictureBytesMax = 65'536;
inline constexpr std::size_t kPieceBytesMin = 1024;  ///< but of the last
inline constexpr std::size_t kPieceBytesMax = 8000;
inline constexpr std::size_t kBackendBytesMax = 32;  ///< of a model's name: what is more is cut

/// REQUIRES: at most kPictureBytesMax bytes, pieces in the range above.
[[nodiscard]] Description describe(BytesView jpeg, std::size_t piece_bytes);

/// ERRORS: besides those of parse(), TooBig, or Malformed for pieces outside the range above.
[[nodiscard]] Result<Description> parse_description(BytesView body);

[[nodiscard]] std::size_t pieces_of(const Description& description);
/// REQUIRES: a picture that fits, a number below pieces_of().
[[nodiscard]] ByteString piece_of(const Description& description, BytesView jpeg,
                                  std::size_t number);

/// The bytes are those of a JPEG file by its first three: whether it is whole the decoder says.
[[nodiscard]] bool looks_like_jpeg(BytesView file);

/// A picture on its way here.
class Parcel {
public:
    /// REQUIRES: a description that parse_description() gave.
    explicit Parcel(const Description& description);

    /// ERRORS: Malformed, and nothing is taken, for a number or a size that it has not. The same
    /// piece again changes nothing.
    Status put(std::size_t number, BytesView bytes);

    [[nodiscard]] bool whole() const { return missing_ == 0; }

    /// Numbers, ascending.
    [[nodiscard]] ByteString lacking() const;

    /// REQUIRES: whole(). ERRORS: Forged when it is not what was described, Unsupported when it is
    /// no JPEG.
    [[nodiscard]] Result<ByteString> open() const;

private:
    Description description_;
    ByteString bytes_;
    std::vector<bool> come_;
    std::size_t missing_;
};

/// The bytes of a Sight.
[[nodiscard]] ByteString encode_scene(const scene::Scene& scene);
/// ERRORS: Malformed for a class, a confidence or a name that nobody has.
[[nodiscard]] Result<scene::Scene> parse_scene(BytesView answer);

}  // namespace compot::bridge
