#include "host/web/api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "observe/event_json.hpp"

namespace compot::web {

namespace {

constexpr std::string_view kTaskPath = "/api/tasks/";
constexpr std::string_view kJobPath = "/api/jobs/";
constexpr std::string_view kCancel = "/cancel";

/// "localhost:8080" without its port; an IPv6 address keeps its brackets.
std::string_view without_port(std::string_view host) {
    const std::size_t colon = host.rfind(':');
    const std::size_t bracket = host.rfind(']');
    if (colon == std::string_view::npos) return host;
    if (bracket != std::string_view::npos && colon < bracket) return host;
    return host.substr(0, colon);
}

/// A plain address can't be pointed elsewhere by somebody's name server.
bool is_address(std::string_view name) {
    if (name.size() > 2 && name.front() == '[' && name.back() == ']')
        return name.find_first_not_of("0123456789abcdefABCDEF:.", 1) == name.size() - 1;
    return !name.empty() && name.find_first_not_of("0123456789.") == std::string_view::npos &&
           std::count(name.begin(), name.end(), '.') == 3;
}

/// Tasks are also where the first version had them, at /tasks and /tasks/{id}.
std::string with_api(std::string_view path) {
    const bool tasks = path == "/tasks" || path.substr(0, 7) == "/tasks/";
    return (tasks ? "/api" : "") + std::string(path);
}

/// The job's name in "/api/jobs/NAME/cancel"; empty for any other path.
std::string_view job_to_cancel(std::string_view path) {
    if (!path.starts_with(kJobPath) || !path.ends_with(kCancel) ||
        path.size() < kJobPath.size() + kCancel.size())
        return {};
    return path.substr(kJobPath.size(), path.size() - kJobPath.size() - kCancel.size());
}

std::optional<Swarm::List> list_at(std::string_view path) {
    if (path == "/api/nodes") return Swarm::List::Nodes;
    if (path == "/api/jobs") return Swarm::List::Jobs;
    if (path == "/api/ledger") return Swarm::List::Ledger;
    if (path == "/api/packets") return Swarm::List::Packets;
    if (path == "/api/timeline") return Swarm::List::Timeline;
    return std::nullopt;
}

}  // namespace

std::string refuse_stranger(const Access& access, const Request& request) {
    const std::string_view name = without_port(request.host);
    const bool known =
        name == "localhost" || is_address(name) ||
        std::find(access.names.begin(), access.names.end(), name) != access.names.end();
    if (!known) return "this server is not reached under that Host name";
    if (!request.origin.empty() && request.origin != "http://" + request.host)
        return "pages from another Origin may not use this server";
    return "";
}

void Api::handle(const Request& request, Answer answer) {
    const std::string problem = refuse(request);
    const std::string path = with_api(path_of(request.target));
    if (!problem.empty()) {
        answer(refusal(403, problem));
    } else if (request.method == "GET" || request.method == "HEAD") {
        get(request, path, answer);
    } else if (request.method == "POST") {
        post(request, path, answer);
    } else {
        answer(refusal(405, "only GET, HEAD and POST are served"));
    }
}

void Api::get(const Request& request, std::string_view path, const Answer& answer) {
    if (path == "/health") {
        answer({200, "application/json",
                fmt::format(R"({{"status":"ok","t":{}}})", to_us(swarm_.now()))});
    } else if (path == "/metrics") {
        answer({200, kMetricsType, metrics()});
    } else if (path == "/api/registry") {
        swarm_.registries([answer](const std::string& json) {
            answer(json.empty() ? refusal(409, "the swarm is too busy")
                                : Response{200, "application/json", json});
        });
    } else if (path == "/api/ledger/signed") {
        swarm_.signed_ledger([answer](const std::string& json) {
            answer(json.empty() ? refusal(409, "no node here has a ledger, or it is too busy")
                                : Response{200, "application/json", json});
        });
    } else if (const auto list = list_at(path)) {
        answer({200, "application/json", swarm_.list(*list)});
    } else if (tasks_ != nullptr && path.substr(0, kTaskPath.size()) == kTaskPath) {
        answer(tasks_->look(std::string(path.substr(kTaskPath.size()))));
    } else if (path.substr(0, 5) == "/api/" || path == "/ws") {
        answer(refusal(404, "no such thing: doc/feed.md lists what there is"));
    } else {
        answer(files_.get(path_of(request.target)));
    }
}

std::string Api::metrics() {
    Metrics metrics;
    measure_process(metrics);
    measure_nodes(swarm_.list(Swarm::List::Nodes), metrics);
    if (measure_) measure_(metrics);
    return metrics.text();
}

void Api::post(const Request& request, std::string_view path, const Answer& answer) {
    if (path == "/api/tasks" && tasks_ != nullptr) {
        tasks_->submit(request, answer);
    } else if (path == "/api/tasks") {
        answer(refusal(409, "nobody here looks at pictures"));
    } else if (const std::string_view nonce = job_to_cancel(path); !nonce.empty()) {
        cancel(nonce, answer);
    } else if (path == "/api/control") {
        const auto control = parse_control(request.body);
        if (!control) {
            answer(refusal(400, control.error()));
            return;
        }
        const std::string done = fmt::format(R"({{"do":"{}"}})", word(control->what));
        swarm_.control(*control, [answer, done](const std::string& error) {
            answer(error.empty() ? Response{200, "application/json", done} : refusal(409, error));
        });
    } else {
        answer(refusal(404, "nothing to post to here: doc/feed.md lists what there is"));
    }
}

void Api::cancel(std::string_view nonce, const Answer& answer) {
    using Json = nlohmann::json;
    Control control;
    control.what = Control::Do::Cancel;
    control.nonce = parse_nonce(nonce).value_or(0);
    const Json jobs = Json::parse(swarm_.list(Swarm::List::Jobs), nullptr, false);
    const auto job = std::find_if(jobs.begin(), jobs.end(), [nonce](const Json& each) {
        return each.value("nonce", std::string()) == nonce;
    });
    if (job == jobs.end()) return answer(refusal(404, "no job is called so"));
    const auto& steps = job->at("steps");
    if (!steps.empty() && steps.back().at("step") == "ended")
        return answer(refusal(409, "the job is over already"));
    swarm_.control(control, [answer](const std::string& error) {
        answer(error.empty() ? Response{200, "application/json", R"({"do":"cancel"})"}
                             : refusal(409, error));
    });
}

void Api::hear(std::string_view text, const std::function<void(std::string)>& answer) {
    const auto error_frame = [](const std::string& what, const std::string& error) {
        return fmt::format(R"({{"type":"error","do":{},"error":{}}})", observe::quoted(what),
                           observe::quoted(error));
    };
    const auto control = parse_control(text);
    if (!control) {
        answer(error_frame(control_word(text), control.error()));
        return;
    }
    const std::string what(word(control->what));
    swarm_.control(*control, [answer, what, error_frame](const std::string& error) {
        answer(error.empty() ? fmt::format(R"({{"type":"done","do":"{}"}})", what)
                             : error_frame(what, error));
    });
}

}  // namespace compot::web
