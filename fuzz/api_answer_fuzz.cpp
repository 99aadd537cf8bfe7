#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "core/base/check.hpp"
#include "edge/scene/api_answer.hpp"

namespace {

void read(const std::string& body) {
    const auto answer = compot::scene::read_completion(body);
    if (answer.ok()) COMPOT_CHECK(answer->confidence_permille <= 1000);
}

}  // namespace

/// The bytes as a whole body, and as what a model says inside of a well-formed one.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    read(text);
    nlohmann::json body;
    body["choices"][0]["message"]["content"] = text;
    read(body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    return 0;
}
