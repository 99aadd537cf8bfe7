#include "apps/at_server.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "host/http_client.hpp"

namespace compot::apps {

namespace {

using namespace std::chrono_literals;

constexpr Duration kPatience = 10s;

scene::HttpRequest request(const std::string& url) {
    scene::HttpRequest request;
    request.url = url;
    request.timeout = kPatience;
    return request;
}

/// What the server says of a refusal, when it says anything that can be read.
Result<Json, std::string> read(const std::string& url,
                               const Result<scene::HttpResponse, scene::Failure>& answer) {
    if (!answer)
        return fmt::format("{}; is a swarm served there (compotastic sim ... --serve)?",
                           answer.error().sentence);
    Json json = Json::parse(answer->body, nullptr, false);
    if (answer->status / 100 == 2 && !json.is_discarded()) return json;
    const bool told = json.is_object() && json.contains("error") && json["error"].is_string();
    if (told) return json["error"].get<std::string>();
    return fmt::format("{}: answers {} and is no swarm", url, answer->status);
}

}  // namespace

AtServer::AtServer(const std::string& address)
    : base_(address.find("://") == std::string::npos ? "http://" + address : address) {
    while (base_.ends_with('/')) base_.pop_back();
}

Result<Json, std::string> AtServer::get(const std::string& path) const {
    const std::string url = base_ + path;
    return read(url, host::HttpClient().get(request(url)));
}

Result<Json, std::string> AtServer::post(const std::string& path, const std::string& content_type,
                                         const std::string& body) const {
    scene::HttpRequest question = request(base_ + path);
    question.headers = {{"Content-Type", content_type}};
    question.body = body;
    return read(question.url, host::HttpClient().post(question));
}

Result<std::map<std::string, std::string>, std::string> AtServer::names() const {
    const auto cards = get("/api/nodes");
    if (!cards) return cards.error();
    std::map<std::string, std::string> names;
    for (const Json& card : *cards)
        names[card.value("id", std::string())] = card.value("name", std::string());
    return names;
}

void AtOptions::add_to(CLI::App& command) {
    command.add_option("--at", at, "HOST:PORT of the swarm's server")->capture_default_str();
    command.add_flag("--json", json, "Print JSON");
}

int told(const std::string& command, const Result<void, std::string>& done) {
    if (done) return 0;
    fmt::print(stderr, "compotastic {}: {}\n", command, done.error());
    return 1;
}

double seconds_of(const Json& microseconds) { return microseconds.get<double>() / 1e6; }

std::string named(const std::map<std::string, std::string>& names, const std::string& id) {
    const auto found = names.find(id);
    if (found != names.end()) return found->second;
    return id == "!00000000" ? "-" : id;
}

}  // namespace compot::apps
