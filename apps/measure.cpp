#include "apps/measure.hpp"

namespace compot::apps {

namespace {

void measure(const stream_client::Radio::Counters& counters, const std::string& radio,
             web::Metrics& metrics) {
    const auto count = [&](const std::string& name, const std::string& help, std::uint64_t value) {
        metrics.counter("compotastic_radio_" + name, help, static_cast<double>(value),
                        {{"radio", radio}});
    };
    count("connections_total", "Times that the line to the radio was opened.",
          counters.connections);
    count("messages_heard_total", "Messages of the radio that were understood.",
          counters.frames.frames);
    count("messages_said_total", "Messages to the radio.", counters.packets.said);
    count("messages_malformed_total", "Frames whose content makes no sense.",
          counters.frames.malformed);
    count("messages_cut_total", "Frames that lost their end on a serial line.",
          counters.frames.cut);
    count("skipped_bytes_total", "Bytes between frames: debug text and noise.",
          counters.frames.skipped);
    count("packets_heard_total", "Packets of the mesh that the radio decrypted for us.",
          counters.packets.packets_heard);
    count("packets_opaque_total", "Packets of the mesh that it could not decrypt.",
          counters.packets.opaque);
    count("packets_sent_total", "Packets given to the radio, each once.", counters.packets.sent);
    count("packets_again_total", "Packets given to the radio again, unconfirmed.",
          counters.packets.again);
    count("packets_refused_total", "Packets that the radio did not take.",
          counters.packets.refused);
    count("reboots_total", "Times that the radio said it has rebooted.", counters.packets.reboots);
}

void measure(const links::Post::Counters& counters, const std::string& network,
             web::Metrics& metrics) {
    const auto count = [&](const std::string& name, const std::string& help, std::uint64_t value) {
        metrics.counter("compotastic_network_" + name, help, static_cast<double>(value),
                        {{"network", network}});
    };
    count("packets_heard_total", "Packets of the mesh that were taken.", counters.packets.taken);
    count("packets_again_total", "Packets that had come before.", counters.packets.again);
    count("packets_opaque_total", "Packets of other channels, or for one reader.",
          counters.packets.foreign);
    count("packets_unreadable_total", "Packets of our channel by its hash that are no messages.",
          counters.packets.unreadable);
    count("packets_malformed_total", "What is no packet at all.", counters.malformed);
    count("packets_sent_total", "Packets of ours that were sent.", counters.sent);
    count("packets_refused_total", "Packets of ours that could not be sent.", counters.refused);
}

}  // namespace

void measure(const Way& way, web::Metrics& metrics) {
    const std::string name = to_string(way.address());
    if (way.radio() != nullptr) measure(way.radio()->counters(), name, metrics);
    if (way.broker() != nullptr) measure(way.broker()->counters().post, name, metrics);
    if (way.network() != nullptr) measure(way.network()->counters(), name, metrics);
}

void measure(const client_api::Server::Counters& counters, web::Metrics& metrics) {
    const auto count = [&](const std::string& name, const std::string& help, std::uint64_t value) {
        metrics.counter("compotastic_clients_" + name, help, static_cast<double>(value));
    };
    count("connections_total", "Connections of Meshtastic clients to simulated radios.",
          counters.connections);
    count("turned_away_total", "Clients that gave way to newer ones of the same radio.",
          counters.turned_away);
    count("silenced_total", "Clients that were cut off because they took or said nothing.",
          counters.silenced);
    count("messages_heard_total", "Messages of clients that were understood.", counters.heard);
    count("messages_told_total", "Messages for clients.", counters.told);
    count("messages_malformed_total", "Frames of clients that were not understood.",
          counters.malformed);
    count("skipped_bytes_total", "Bytes of clients between frames.", counters.skipped);
    count("requests_refused_total", "Requests that no radio could meet.", counters.refused);
    count("packets_dropped_total", "Packets for clients that did not read.", counters.dropped);
}

void measure(const bridge::Site::Counters& counters, web::Metrics& metrics) {
    const auto count = [&](const std::string& name, const std::string& help, std::uint64_t value) {
        metrics.counter("compotastic_bridge_" + name, help, static_cast<double>(value));
    };
    std::uint64_t envelopes = 0;
    for (const auto& [kind, sent] : counters.sent) envelopes += sent;
    count("envelopes_sent_total", "Envelopes to other sites.", envelopes);
    count("sent_bytes_total", "Their bytes.", counters.bytes_sent);
    count("priced_bytes_total", "The same with what carries them, as the budget counts.",
          counters.bytes_priced);
    count("unpaid_total", "Times that the budget put an envelope off.", counters.unpaid);
    count("envelopes_heard_total", "Envelopes of other sites.", counters.heard);
    count("stale_total", "Envelopes that had come before.", counters.stale);
    count("refused_total", "What was forged, malformed or not what was offered.", counters.refused);
    count("items_learned_total", "Entries, facts and records from other sites.", counters.learned);
    count("requests_executed_total", "Requests of other sites that this node was given.",
          counters.executed);
    count("pictures_sent_total", "Pictures of this site that others were asked to look at.",
          counters.pictures_sent);
    count("pictures_answered_total", "... and did.", counters.pictures_answered);
    count("pictures_looked_total", "Pictures of other sites that this machine was given.",
          counters.pictures_looked);
}

}  // namespace compot::apps
