#pragma once

#include <functional>
#include <string>
#include <string_view>

/// What the web server takes in and gives out, as plain values: whoever answers requests need not
/// know which HTTP library carries them.

namespace compot::web {

struct Request {
    std::string method;
    std::string target;  ///< path and query, as sent
    std::string host;
    std::string origin;  ///< empty when the client sent none
    std::string content_type;
    std::string body;
};

struct Response {
    unsigned status = 200;
    std::string content_type = "application/json";
    std::string body;
};

/// May be called from any thread, once.
using Answer = std::function<void(Response)>;

/// `{"error": sentence}`.
[[nodiscard]] Response refusal(unsigned status, std::string_view sentence);

/// The target's part before the '?'.
[[nodiscard]] std::string_view path_of(std::string_view target);

/// The value of `name` in the target's query, as sent; empty when it is not there.
[[nodiscard]] std::string_view query_value(std::string_view target, std::string_view name);

}  // namespace compot::web
