#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "apps/runner.hpp"
#include "edge/scene/elsewhere.hpp"
#include "host/store/shelf.hpp"
#include "host/web/api.hpp"

/// Shows a running world in the browser until somebody ends the program.

namespace compot::apps {

struct ServeOptions {
    std::string endpoint;            ///< ADDRESS:PORT
    std::string page;                ///< folder of the built page; empty is where ./run builds it
    std::vector<std::string> names;  ///< host names besides localhost under which we are reached
};

/// Adds --serve, --page and --serve-name.
void add_serve_options(CLI::App& command, ServeOptions& options);

/// Runs the world on this thread until SIGINT or SIGTERM. Prints the page's address once it can be
/// opened. Without eyes no pictures are taken; without a shelf they
/// are forgotten with the process. `measure` adds to GET /metrics. ERRORS: one sentence,
/// e.g. the port is in use.
[[nodiscard]] Result<void, std::string> serve(Runner& runner, const ServeOptions& options,
                                              const scene::Eyes& eyes,
                                              store::Shelf* shelf = nullptr,
                                              web::Api::Measure measure = {});

/// True once SIGINT or SIGTERM came; the first call of either function above or of this one
/// installs the handlers.
[[nodiscard]] const std::atomic<bool>& stop_requested();
/// As Ctrl-C.
void request_stop();

}  // namespace compot::apps
