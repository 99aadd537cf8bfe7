#pragma once

#include "apps/node_way.hpp"
#include "host/client_api/server.hpp"
#include "host/web/metrics.hpp"

/// What ways to a mesh and clients of simulated radios have counted, as figures for GET /metrics.

namespace compot::apps {

void measure(const Way& way, web::Metrics& metrics);
void measure(const client_api::Server::Counters& counters, web::Metrics& metrics);

}  // namespace compot::apps
