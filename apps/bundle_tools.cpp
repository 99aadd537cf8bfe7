#include "apps/bundle_tools.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <ctime>
#include <stdexcept>

#include "apps/files.hpp"

namespace compot::apps {

namespace {

constexpr std::size_t kBundleBytesMax = bundle::kImageBytesMax + bundle::Manifest::kBytes;

}  // namespace

void fail(const std::string& sentence) { throw std::runtime_error(sentence); }

std::function<void(double)> progress_bar() {
    if (isatty(STDERR_FILENO) == 0) return {};
    return [shown = -1](double share) mutable {
        const int percent = static_cast<int>(share * 100);
        if (percent == shown) return;
        shown = percent;
        std::fprintf(stderr, "\r[%-50s] %3d %%%s",
                     std::string(static_cast<std::size_t>(percent / 2), '#').c_str(), percent,
                     percent == 100 ? "\n" : "");
    };
}

void print(const Json& json) { std::printf("%s\n", json.dump().c_str()); }

crypto::Key read_key(const std::string& path, const std::string& title) {
    const auto bytes = read_file(path, 4096);
    const std::string text(bytes.begin(), bytes.end());
    crypto::Key key{};
    if (text.size() < title.size() + 64 || text.compare(0, title.size(), title) != 0)
        fail(path + ": is no " + title.substr(0, title.size() - 1));
    for (std::size_t i = 0; i < key.size(); ++i) {
        const std::string pair = text.substr(title.size() + 2 * i, 2);
        std::size_t used = 0;
        try {
            key[i] = static_cast<std::uint8_t>(std::stoul(pair, &used, 16));
        } catch (const std::exception&) {
            used = 0;
        }
        if (used != 2) fail(path + ": holds something else than 64 hexadecimal digits");
    }
    return key;
}

crypto::Key read_secret(const std::string& path) {
    require_private(path);
    return read_key(path, kSecretTitle);
}

void write_text(const std::string& path, const std::string& text, bool secret) {
    write_file(path, {text.begin(), text.end()}, secret);
}

const char* sentence_of(Error error) {
    switch (error) {
        case Error::Truncated: return "it ends before it is whole";
        case Error::Unknown: return "it is for another base";
        case Error::Forged: return "what it makes is not what its maker saw: it is damaged";
        case Error::Unsupported: return "it is of a format that this version does not know";
        case Error::TooBig: return "it is too big (an image has at most 4 MiB)";
        case Error::Refused: return "old and new are identical";
        default: return "it is damaged";
    }
}

std::string date_of(bundle::Minutes minutes) {
    if (minutes == 0) return "-";
    const std::time_t seconds = kMinutesEpoch + std::time_t{minutes} * 60;
    std::array<char, 32> text{};
    const std::tm* parts = std::gmtime(&seconds);
    std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M UTC", parts);
    return text.data();
}

Json described(const bundle::SignedManifest& signed_manifest) {
    const bundle::Manifest& manifest = signed_manifest.manifest;
    return {{"kind", to_string(manifest.kind)},
            {"hardware", fmt::format("{:08x}", manifest.hardware)},
            {"component", manifest.component},
            {"version", manifest.version},
            {"era", manifest.era},
            {"publisher", fmt::format("{:08x}", manifest.publisher)},
            {"base", manifest.base == bundle::ShortDigest{} ? "-" : hex(manifest.base)},
            {"result_bytes", manifest.result_size},
            {"result", hex(manifest.result)},
            {"payload_bytes", manifest.payload_size},
            {"payload", hex(manifest.payload)},
            {"piece_bytes", manifest.piece_bytes},
            {"pieces", manifest.pieces},
            {"not_before", date_of(manifest.not_before)},
            {"not_after", date_of(manifest.not_after)},
            {"battery_min_percent", manifest.battery_min_percent},
            {"window_from_quarter", manifest.window_from},
            {"window_to_quarter", manifest.window_to}};
}

void print_described(const Json& facts) {
    for (const auto& [name, value] : facts.items()) {
        const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
        std::printf("%-20s %s\n", name.c_str(), text.c_str());
    }
}

Bundle read_bundle(const std::string& path) {
    auto bundle = Bundle::parse(read_file(path, kBundleBytesMax));
    if (!bundle) {
        fail(path + ": " +
             (bundle.error() == Error::Forged ? "its payload is not the one in its manifest"
                                              : sentence_of(bundle.error())));
    }
    return *std::move(bundle);
}

}  // namespace compot::apps
