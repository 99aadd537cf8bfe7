#include "observe/pcap.hpp"

#include <array>
#include <string>

#include "core/base/check.hpp"

namespace compot::observe {

namespace {

constexpr std::uint32_t kMagic = 0xa1b2c3d4;  // microseconds, in this file's byte order
constexpr std::uint32_t kLinkTypeLoraTap = 270;
constexpr std::uint32_t kSnapLength = 65'535;
constexpr std::uint16_t kTapBytes = 15;
constexpr std::uint32_t kBandwidthStep = 125'000;
constexpr std::uint8_t kNotMeasured = 255;
constexpr std::uint8_t kSyncWord = 0x2b;  // Meshtastic's
constexpr std::size_t kFrameMost = 255;

void put_little(std::string& to, std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) to.push_back(static_cast<char>((value >> (8 * i)) & 0xff));
}

void put_big(std::string& to, std::uint32_t value, int bytes) {
    for (int i = bytes - 1; i >= 0; --i) to.push_back(static_cast<char>((value >> (8 * i)) & 0xff));
}

void put_tap(std::string& to, const LoraTapTerms& terms) {
    put_big(to, 0, 1);  // version
    put_big(to, 0, 1);  // padding
    put_big(to, kTapBytes, 2);
    put_big(to, terms.frequency_hz, 4);
    put_big(to, (terms.bandwidth_hz + kBandwidthStep - 1) / kBandwidthStep, 1);
    put_big(to, terms.spreading_factor, 1);
    put_big(to, kNotMeasured, 1);  // of the packet: each receiver hears it at its own level
    put_big(to, kNotMeasured, 1);
    put_big(to, kNotMeasured, 1);
    put_big(to, 0, 1);  // signal to noise: for the same reason none
    put_big(to, kSyncWord, 1);
}

}  // namespace

PcapWriter::PcapWriter(ByteSink& out, const LoraTapTerms& terms) : out_(out), terms_(terms) {
    std::string header;
    put_little(header, kMagic, 4);
    put_little(header, 2, 2);  // version 2.4
    put_little(header, 4, 2);
    put_little(header, 0, 4);  // time zone and accuracy: always 0
    put_little(header, 0, 4);
    put_little(header, kSnapLength, 4);
    put_little(header, kLinkTypeLoraTap, 4);
    failed_ = !out_.write(header);
}

void PcapWriter::frame(Time at, BytesView bytes) {
    COMPOT_CHECK(bytes.size() <= kFrameMost);
    if (failed_) return;
    const auto us = static_cast<std::uint64_t>(to_us(at));
    const auto length = static_cast<std::uint32_t>(kTapBytes + bytes.size());
    std::string record;
    put_little(record, static_cast<std::uint32_t>(us / 1'000'000), 4);
    put_little(record, static_cast<std::uint32_t>(us % 1'000'000), 4);
    put_little(record, length, 4);
    put_little(record, length, 4);
    put_tap(record, terms_);
    record.append(bytes.begin(), bytes.end());
    failed_ = !out_.write(record);
}

}  // namespace compot::observe
