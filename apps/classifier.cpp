#include "apps/classifier.hpp"

#include <chrono>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>

#include "edge/scene/api_classifier.hpp"
#include "edge/scene/fallback_classifier.hpp"
#include "edge/scene/net_classifier.hpp"
#include "host/http_client.hpp"

namespace compot::apps {

namespace {

std::optional<std::string> variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

void sleep(Duration pause) { std::this_thread::sleep_for(std::chrono::microseconds(to_us(pause))); }

}  // namespace

std::unique_ptr<scene::SceneClassifier> classifier_from_environment(
    std::function<void(const std::string&)> note) {
    const auto config = scene::api_config(variable);
    if (!config) throw std::runtime_error(config.error().sentence);
    auto net = scene::NetClassifier::built_in();
    if (!config->has_value()) return net;
    static host::HttpClient client;  // it holds nothing from one question to the next
    auto api = std::make_unique<scene::ApiClassifier>(**config, client, sleep);
    return std::make_unique<scene::FallbackClassifier>(
        std::move(api), std::move(net),
        [note = std::move(note)](const scene::Failure& failure) { note(failure.sentence); });
}

std::vector<std::string> backends_from_environment() {
    const auto config = scene::api_config(variable);
    if (!config) throw std::runtime_error(config.error().sentence);
    std::vector<std::string> names{"int8 net"};
    if (config->has_value()) names.push_back((*config)->model);
    return names;
}

}  // namespace compot::apps
