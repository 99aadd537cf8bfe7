#include "apps/serve.hpp"

#include <csignal>
#include <cstdio>
#include <optional>

#include "host/web/server.hpp"

namespace compot::apps {

namespace {

std::atomic<bool> g_stop{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may store only that");

void stop_by_signal(int) { g_stop = true; }

}  // namespace

const std::atomic<bool>& stop_requested() {
    std::signal(SIGINT, stop_by_signal);
    std::signal(SIGTERM, stop_by_signal);
    return g_stop;
}

void request_stop() { g_stop = true; }

void add_serve_options(CLI::App& command, ServeOptions& options) {
    command.add_option("--serve", options.endpoint,
                       "Show it in the browser at ADDRESS:PORT, e.g. 127.0.0.1:8080");
    command.add_option("--page", options.page, "Folder of the built page")
        ->check(CLI::ExistingDirectory);
    command.add_option("--serve-name", options.names,
                       "Host name under which browsers may reach us, besides localhost");
}

Result<void, std::string> serve(Runner& runner, const ServeOptions& options,
                                const scene::Eyes& eyes, store::Shelf* shelf,
                                web::Api::Measure measure) {
    const auto endpoint = web::parse_endpoint(options.endpoint);
    if (!endpoint) return endpoint.error();
    const auto& stop = stop_requested();
    std::optional<web::Tasks> tasks;
    if (eyes.here != nullptr || eyes.elsewhere != nullptr) tasks.emplace(runner, eyes, shelf);
    web::Api api(runner, tasks ? &*tasks : nullptr,
                 web::Files(options.page.empty() ? COMPOT_PAGE_DIR : options.page),
                 web::Access{options.names}, std::move(measure));
    auto server = web::Server::start(api, endpoint->address, endpoint->port);
    if (!server) return server.error();
    runner.on_news([&server] { (*server)->wake(); });
    const bool v6 = endpoint->address.find(':') != std::string::npos;
    std::fprintf(stderr, "the swarm is on http://%s%s%s:%u/ (Ctrl-C ends it)\n", v6 ? "[" : "",
                 endpoint->address.c_str(), v6 ? "]" : "", unsigned{(*server)->port()});
    runner.run(stop);
    runner.on_news([] {});
    return {};
}

}  // namespace compot::apps
