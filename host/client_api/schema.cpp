#include "host/client_api/schema.hpp"

#include <array>

namespace compot::client_api::schema {
namespace {

constexpr Field uint_field(std::uint32_t number, const char* name) { return {number, name}; }

constexpr Field field(std::uint32_t number, const char* name, Form form) {
    return {number, name, form};
}

constexpr Field inner(std::uint32_t number, const char* name, const Message& message,
                      bool repeated = false) {
    return {number, name, Form::Inner, &message, repeated};
}

constexpr std::array kDataFields{uint_field(1, "portnum"),
                                 field(2, "payload", Form::Octets),
                                 field(3, "want_response", Form::Flag),
                                 field(4, "dest", Form::Fixed),
                                 field(5, "source", Form::Fixed),
                                 field(6, "request_id", Form::Fixed),
                                 field(7, "reply_id", Form::Fixed),
                                 field(8, "emoji", Form::Fixed),
                                 uint_field(9, "bitfield"),
                                 field(10, "xeddsa_signature", Form::Octets)};
constexpr Message kData{kDataFields};

constexpr std::array kPacketFields{field(1, "from", Form::Fixed),
                                   field(2, "to", Form::Fixed),
                                   uint_field(3, "channel"),
                                   inner(4, "decoded", kData),
                                   field(5, "encrypted", Form::Octets),
                                   field(6, "id", Form::Fixed),
                                   field(7, "rx_time", Form::Fixed),
                                   field(8, "rx_snr", Form::Real),
                                   uint_field(9, "hop_limit"),
                                   field(10, "want_ack", Form::Flag),
                                   uint_field(11, "priority"),
                                   field(12, "rx_rssi", Form::Signed),
                                   field(14, "via_mqtt", Form::Flag),
                                   uint_field(15, "hop_start"),
                                   field(16, "public_key", Form::Octets),
                                   field(17, "pki_encrypted", Form::Flag),
                                   uint_field(18, "next_hop"),
                                   uint_field(19, "relay_node"),
                                   uint_field(20, "tx_after")};
constexpr Message kPacket{kPacketFields};

constexpr std::array kUserFields{field(1, "id", Form::Text),
                                 field(2, "long_name", Form::Text),
                                 field(3, "short_name", Form::Text),
                                 field(4, "macaddr", Form::Octets),
                                 uint_field(5, "hw_model"),
                                 field(6, "is_licensed", Form::Flag),
                                 uint_field(7, "role"),
                                 field(8, "public_key", Form::Octets),
                                 field(9, "is_unmessagable", Form::Flag)};
constexpr Message kUser{kUserFields};

constexpr std::array kPositionFields{
    field(1, "latitude_i", Form::SignedFixed), field(2, "longitude_i", Form::SignedFixed),
    field(3, "altitude", Form::Signed), field(4, "time", Form::Fixed)};
constexpr Message kPosition{kPositionFields};

constexpr std::array kMetricsFields{uint_field(1, "battery_level"), field(2, "voltage", Form::Real),
                                    field(3, "channel_utilization", Form::Real),
                                    field(4, "air_util_tx", Form::Real),
                                    uint_field(5, "uptime_seconds")};
constexpr Message kMetrics{kMetricsFields};

constexpr std::array kNodeInfoFields{uint_field(1, "num"),
                                     inner(2, "user", kUser),
                                     inner(3, "position", kPosition),
                                     field(4, "snr", Form::Real),
                                     field(5, "last_heard", Form::Fixed),
                                     inner(6, "device_metrics", kMetrics),
                                     uint_field(7, "channel"),
                                     field(8, "via_mqtt", Form::Flag),
                                     uint_field(9, "hops_away"),
                                     field(10, "is_favorite", Form::Flag),
                                     field(11, "is_ignored", Form::Flag)};
constexpr Message kNodeInfo{kNodeInfoFields};

constexpr std::array kMyInfoFields{
    uint_field(1, "my_node_num"),      uint_field(8, "reboot_count"),
    uint_field(11, "min_app_version"), field(12, "device_id", Form::Octets),
    field(13, "pio_env", Form::Text),  uint_field(14, "firmware_edition"),
    uint_field(15, "nodedb_count")};
constexpr Message kMyInfo{kMyInfoFields};

constexpr std::array kMetadataFields{field(1, "firmware_version", Form::Text),
                                     uint_field(2, "device_state_version"),
                                     field(3, "can_shutdown", Form::Flag),
                                     field(4, "has_wifi", Form::Flag),
                                     field(5, "has_bluetooth", Form::Flag),
                                     field(6, "has_ethernet", Form::Flag),
                                     uint_field(7, "role"),
                                     uint_field(8, "position_flags"),
                                     uint_field(9, "hw_model"),
                                     field(10, "has_remote_hardware", Form::Flag),
                                     field(11, "has_pkc", Form::Flag),
                                     uint_field(12, "excluded_modules")};
constexpr Message kMetadata{kMetadataFields};

constexpr std::array kModuleSettingsFields{uint_field(1, "position_precision"),
                                           field(2, "is_muted", Form::Flag)};
constexpr Message kModuleSettings{kModuleSettingsFields};

constexpr std::array kChannelSettingsFields{field(2, "psk", Form::Octets),
                                            field(3, "name", Form::Text),
                                            field(4, "id", Form::Fixed),
                                            field(5, "uplink_enabled", Form::Flag),
                                            field(6, "downlink_enabled", Form::Flag),
                                            inner(7, "module_settings", kModuleSettings)};
constexpr Message kChannelSettings{kChannelSettingsFields};

constexpr std::array kChannelFields{field(1, "index", Form::Signed),
                                    inner(2, "settings", kChannelSettings), uint_field(3, "role")};
constexpr Message kChannel{kChannelFields};

constexpr std::array kDeviceConfigFields{uint_field(1, "role"), uint_field(6, "rebroadcast_mode"),
                                         uint_field(7, "node_info_broadcast_secs")};
constexpr Message kDeviceConfig{kDeviceConfigFields};

constexpr std::array kPositionConfigFields{uint_field(1, "position_broadcast_secs"),
                                           field(2, "position_broadcast_smart_enabled", Form::Flag),
                                           field(3, "fixed_position", Form::Flag)};
constexpr Message kPositionConfig{kPositionConfigFields};

constexpr std::array kLoraConfigFields{field(1, "use_preset", Form::Flag),
                                       uint_field(2, "modem_preset"),
                                       uint_field(3, "bandwidth"),
                                       uint_field(4, "spread_factor"),
                                       uint_field(5, "coding_rate"),
                                       field(6, "frequency_offset", Form::Real),
                                       uint_field(7, "region"),
                                       uint_field(8, "hop_limit"),
                                       field(9, "tx_enabled", Form::Flag),
                                       field(10, "tx_power", Form::Signed),
                                       uint_field(11, "channel_num"),
                                       field(12, "override_duty_cycle", Form::Flag),
                                       field(13, "sx126x_rx_boosted_gain", Form::Flag),
                                       field(14, "override_frequency", Form::Real),
                                       field(104, "ignore_mqtt", Form::Flag),
                                       field(105, "config_ok_to_mqtt", Form::Flag)};
constexpr Message kLoraConfig{kLoraConfigFields};

constexpr std::array kSecurityConfigFields{
    field(1, "public_key", Form::Octets), field(2, "private_key", Form::Octets),
    field(4, "is_managed", Form::Flag), field(5, "serial_enabled", Form::Flag)};
constexpr Message kSecurityConfig{kSecurityConfigFields};

/// Its fields are shown by number.
constexpr Message kByNumber{};

constexpr std::array kConfigFields{
    inner(1, "device", kDeviceConfig), inner(2, "position", kPositionConfig),
    inner(3, "power", kByNumber),      inner(4, "network", kByNumber),
    inner(5, "display", kByNumber),    inner(6, "lora", kLoraConfig),
    inner(7, "bluetooth", kByNumber),  inner(8, "security", kSecurityConfig),
    inner(9, "sessionkey", kByNumber), inner(10, "device_ui", kByNumber)};
constexpr Message kConfig{kConfigFields};

constexpr std::array kModuleConfigFields{inner(1, "mqtt", kByNumber),
                                         inner(2, "serial", kByNumber),
                                         inner(3, "external_notification", kByNumber),
                                         inner(4, "store_forward", kByNumber),
                                         inner(5, "range_test", kByNumber),
                                         inner(6, "telemetry", kByNumber),
                                         inner(7, "canned_message", kByNumber),
                                         inner(8, "audio", kByNumber),
                                         inner(9, "remote_hardware", kByNumber),
                                         inner(10, "neighbor_info", kByNumber),
                                         inner(11, "ambient_lighting", kByNumber),
                                         inner(12, "detection_sensor", kByNumber),
                                         inner(13, "paxcounter", kByNumber),
                                         inner(14, "statusmessage", kByNumber),
                                         inner(15, "traffic_management", kByNumber),
                                         inner(16, "tak", kByNumber)};
constexpr Message kModuleConfig{kModuleConfigFields};

constexpr std::array kQueueStatusFields{field(1, "res", Form::Signed), uint_field(2, "free"),
                                        uint_field(3, "maxlen"), uint_field(4, "mesh_packet_id")};
constexpr Message kQueueStatus{kQueueStatusFields};

constexpr std::array kHeartbeatFields{uint_field(1, "nonce")};
constexpr Message kHeartbeat{kHeartbeatFields};

constexpr std::array kLogFields{field(1, "message", Form::Text), field(2, "time", Form::Fixed),
                                field(3, "source", Form::Text), uint_field(4, "level")};
constexpr Message kLog{kLogFields};

constexpr std::array kNotificationFields{uint_field(1, "reply_id"), field(2, "time", Form::Fixed),
                                         uint_field(3, "level"), field(4, "message", Form::Text)};
constexpr Message kNotification{kNotificationFields};

constexpr std::array kFileFields{field(1, "file_name", Form::Text), uint_field(2, "size_bytes")};
constexpr Message kFile{kFileFields};

constexpr std::array kGroupFields{field(1, "presets", Form::Octets),
                                  uint_field(2, "default_preset"),
                                  field(3, "licensed_only", Form::Flag)};
constexpr Message kGroup{kGroupFields};

constexpr std::array kRuleFields{uint_field(1, "region"), uint_field(2, "group")};
constexpr Message kRule{kRuleFields};

constexpr std::array kRegionFields{inner(1, "groups", kGroup, true),
                                   inner(2, "regions", kRule, true)};
constexpr Message kRegions{kRegionFields};

constexpr std::array kToRadioFields{inner(1, "packet", kPacket),
                                    uint_field(3, "want_config_id"),
                                    field(4, "disconnect", Form::Flag),
                                    inner(5, "xmodem_packet", kByNumber),
                                    inner(6, "mqtt_client_proxy_message", kByNumber),
                                    inner(7, "heartbeat", kHeartbeat)};
constexpr Message kToRadio{kToRadioFields};

constexpr std::array kFromRadioFields{uint_field(1, "id"),
                                      inner(2, "packet", kPacket),
                                      inner(3, "my_info", kMyInfo),
                                      inner(4, "node_info", kNodeInfo),
                                      inner(5, "config", kConfig),
                                      inner(6, "log_record", kLog),
                                      uint_field(7, "config_complete_id"),
                                      field(8, "rebooted", Form::Flag),
                                      inner(9, "module_config", kModuleConfig),
                                      inner(10, "channel", kChannel),
                                      inner(11, "queue_status", kQueueStatus),
                                      inner(12, "xmodem_packet", kByNumber),
                                      inner(13, "metadata", kMetadata),
                                      inner(14, "mqtt_client_proxy_message", kByNumber),
                                      inner(15, "file_info", kFile),
                                      inner(16, "client_notification", kNotification),
                                      inner(17, "deviceui_config", kByNumber),
                                      inner(19, "region_presets", kRegions)};
constexpr Message kFromRadio{kFromRadioFields};

}  // namespace

const Message& to_radio() { return kToRadio; }

const Message& from_radio() { return kFromRadio; }

}  // namespace compot::client_api::schema
