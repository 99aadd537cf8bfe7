#pragma once

#include "apps/node_way.hpp"
#include "host/bridge/site.hpp"
#include "host/client_api/server.hpp"
#include "host/web/metrics.hpp"

/// What ways to a mesh, clients of simulated radios and a bridge to other sites have counted, as
/// figures for GET /metrics.

namespace compot::apps {

void measure(const Way& way, web::Metrics& metrics);
void measure(const client_api::Server::Counters& counters, web::Metrics& metrics);
void measure(const bridge::Site::Counters& counters, web::Metrics& metrics);

}  // namespace compot::apps
