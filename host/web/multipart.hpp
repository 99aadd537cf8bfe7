#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

/// Takes a multipart/form-data body apart (RFC 7578). The parts are views into the body; nothing is
/// copied or decoded, and a body that is not whole gives no parts at all.

namespace compot::web {

inline constexpr std::size_t kPartsMax = 8;
inline constexpr std::size_t kPartHeaderBytesMax = 4096;

struct Part {
    std::string_view name;
    std::string_view filename;
    std::string_view content_type;
    std::string_view data;
};

/// `content_type` is the request's header with its boundary. ERRORS: one sentence.
[[nodiscard]] Result<std::vector<Part>, std::string> parse_multipart(std::string_view content_type,
                                                                     std::string_view body);

}  // namespace compot::web
