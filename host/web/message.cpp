#include "host/web/message.hpp"

#include <nlohmann/json.hpp>

namespace compot::web {

Response refusal(unsigned status, std::string_view sentence) {
    const nlohmann::json json{{"error", sentence}};
    return {status, "application/json",
            json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)};
}

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

std::string_view query_value(std::string_view target, std::string_view name) {
    const std::size_t mark = target.find('?');
    std::string_view rest = mark == std::string_view::npos ? "" : target.substr(mark + 1);
    while (!rest.empty()) {
        const std::string_view pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
        const std::size_t equals = pair.find('=');
        if (equals != std::string_view::npos && pair.substr(0, equals) == name)
            return pair.substr(equals + 1);
    }
    return {};
}

}  // namespace compot::web
