#include <fmt/format.h>
#include <sodium/randombytes.h>

#include <cstdio>
#include <ctime>
#include <memory>
#include <string>

#include "apps/bundle_tools.hpp"
#include "apps/command.hpp"
#include "apps/files.hpp"
#include "core/bundle/copy_map.hpp"
#include "core/bundle/trust.hpp"
#include "edge/bundle/bundle_file.hpp"

namespace compot::apps {

namespace {

using bundle::Kind;
using bundles::Bundle;

Kind kind_of(const std::string& name) {
    for (std::uint8_t i = 1; i <= bundle::kKinds; ++i)
        if (name == to_string(static_cast<Kind>(i))) return static_cast<Kind>(i);
    fail(name + ": is no kind of payload");
}

bundle::Minutes minutes_of(const std::string& date) {
    if (date.empty()) return 0;
    std::tm parts{};
    const char* end = strptime(date.c_str(), "%Y-%m-%d", &parts);
    const std::time_t seconds = end != nullptr && *end == 0 ? timegm(&parts) : 0;
    if (seconds <= kMinutesEpoch || (seconds - kMinutesEpoch) / 60 > 0xFFFFFF)
        fail(date + ": is no date between 2024-01-02 and 2055, as in 2026-05-31");
    return static_cast<bundle::Minutes>((seconds - kMinutesEpoch) / 60);
}

// keygen

struct KeygenOptions {
    std::string out;
    bool json = false;
};

void keygen(const KeygenOptions& options) {
    crypto::Key seed{};
    randombytes_buf(seed.data(), seed.size());
    const crypto::Key publisher = crypto::signing_public(seed);
    write_text(options.out, kSecretTitle + hex(seed) + "\n", true);
    write_text(options.out + ".pub", kPublicTitle + hex(publisher) + "\n");
    const std::string id = fmt::format("{:08x}", bundle::publisher_id(publisher));
    if (options.json) {
        print({{"secret", options.out}, {"public", options.out + ".pub"}, {"publisher", id}});
    } else {
        std::printf("%s (secret) and %s.pub: publisher %s\n", options.out.c_str(),
                    options.out.c_str(), id.c_str());
    }
}

// make, sign, verify

struct MakeOptions {
    std::string payload, key, out, kind = "firmware-image", hardware, base, not_before, not_after;
    bundles::Terms terms;
    bool json = false;
};

void write_bundle(const std::string& path, const Bundle& bundle, bool json) {
    write_file(path, bundle.serialise());
    Json facts = described(bundle.manifest);
    facts["bundle"] = path;
    if (json) return print(facts);
    print_described(facts);
}

void make_bundle(const MakeOptions& options) {
    const crypto::Key seed = read_secret(options.key);
    bundles::Terms terms = options.terms;
    terms.kind = kind_of(options.kind);
    terms.hardware = options.hardware;
    terms.not_before = minutes_of(options.not_before);
    terms.not_after = minutes_of(options.not_after);
    const auto result = read_file(options.payload, bundle::kImageBytesMax);
    std::vector<std::uint8_t> base;
    std::vector<std::uint8_t> payload = result;
    if (!options.base.empty()) base = read_file(options.base, bundle::kImageBytesMax);
    if (terms.kind == Kind::FirmwarePatch) {
        if (base.empty()) fail("a firmware-patch needs --base IMAGE");
        patch::Options how;
        how.progress = progress_bar();
        payload = make_patch(options.base, options.payload, base, result, how).bytes;
    }
    const auto manifest =
        bundles::describe(terms, payload, base, result, crypto::signing_public(seed));
    if (!manifest) fail(options.payload + ": has more pieces than a manifest can count");
    const Bundle made{bundle::sign(*manifest, seed), payload};
    if (!bundle::SignedManifest::parse(made.manifest.serialise()))
        fail("the terms contradict each other: look at the dates");
    write_bundle(options.out, made, options.json);
}

struct SignOptions {
    std::string in, key, out;
    bool json = false;
};

/// For a new key: the same bundle under another publisher.
void sign_bundle(const SignOptions& options) {
    const crypto::Key seed = read_secret(options.key);
    Bundle bundle = read_bundle(options.in);
    bundle.manifest.manifest.publisher = bundle::publisher_id(crypto::signing_public(seed));
    bundle.manifest = bundle::sign(bundle.manifest.manifest, seed);
    write_bundle(options.out, bundle, options.json);
}

struct VerifyOptions {
    std::string in, key, hardware, installed, date;
    std::uint32_t newest = 0;
    bool json = false;
};

void verify_bundle(const VerifyOptions& options) {
    const Bundle bundle = read_bundle(options.in);
    const bundle::Manifest& manifest = bundle.manifest.manifest;
    crypto::Key root{};
    bundle::Trust trust(crypto::signing_public(root));
    const crypto::Key publisher = read_key(options.key, kPublicTitle);
    const Status known =
        trust.obey(bundle::TrustOrder::make(1, bundle::kEveryRole, 0, publisher, root));
    COMPOT_CHECK(known.ok());
    bundle::Manifest before = manifest;
    before.version = options.newest;
    if (options.newest > 0) COMPOT_CHECK(trust.installed(before).ok());
    bundle::Device device;
    device.hardware = manifest.hardware;
    device.installed = manifest.base;
    if (!options.hardware.empty()) {
        const std::vector<std::uint8_t> name(options.hardware.begin(), options.hardware.end());
        device.hardware = bundle::hardware_id(name);
    }
    if (!options.installed.empty())
        device.installed =
            bundle::short_digest(read_file(options.installed, bundle::kImageBytesMax));
    device.now = options.date.empty()
                     ? static_cast<bundle::Minutes>((std::time(nullptr) - kMinutesEpoch) / 60)
                     : minutes_of(options.date);
    const bundle::Verdict verdict = trust.judge(bundle.manifest, device);
    if (verdict != bundle::Verdict::Accepted) fail(options.in + ": " + to_string(verdict));
    if (options.json) return print({{"bundle", options.in}, {"verdict", to_string(verdict)}});
    std::printf("%s: %s\n", options.in.c_str(), to_string(verdict));
}

// wiring

void add_make(CLI::App& group) {
    auto* command = group.add_subcommand("make", "Make and sign a bundle");
    const auto options = std::make_shared<MakeOptions>();
    bundles::Terms& terms = options->terms;
    command->add_option("PAYLOAD", options->payload, "what shall be installed")->required();
    command->add_option("-o,--out", options->out, "the bundle")->required();
    command->add_option("--key", options->key, "the publisher's secret key")->required();
    command
        ->add_option("--kind", options->kind,
                     "facts, policy-delta, net-weights, firmware-image, firmware-patch or "
                     "configuration")
        ->capture_default_str();
    command->add_option("--base", options->base, "image that must be installed");
    command->add_option("--hardware", options->hardware, "name of the board; else any");
    command->add_option("--component", terms.component, "versions count for each on its own");
    command->add_option("--set-version", terms.version, "must rise")->required();
    command->add_option("--era", terms.era, "the publisher's era");
    command->add_option("--not-before", options->not_before, "a date, as in 2026-05-31");
    command->add_option("--not-after", options->not_after, "a date");
    command->add_option("--battery", terms.battery_min_percent, "least charge in percent")
        ->check(CLI::Range(0, 100));
    command->add_option("--window-from", terms.window_from, "quarter of an hour of the day, UTC")
        ->check(CLI::Range(0, 95));
    command->add_option("--window-to", terms.window_to, "equal to --window-from: always")
        ->check(CLI::Range(0, 95));
    command->add_option("--piece", terms.piece_bytes, "bytes of payload in a frame")
        ->check(CLI::Range(1, 188))
        ->capture_default_str();
    command->add_flag("--json", options->json, "the manifest in JSON");
    command->callback([options] { make_bundle(*options); });
}

void add_verify(CLI::App& group) {
    auto* command = group.add_subcommand("verify", "Say whether a device would take a bundle");
    const auto options = std::make_shared<VerifyOptions>();
    command->add_option("BUNDLE", options->in, "from bundle make")->required();
    command->add_option("--key", options->key, "the publisher's public key")->required();
    command->add_option("--hardware", options->hardware, "name of the device's board");
    command->add_option("--installed", options->installed, "image that the device runs");
    command->add_option("--newest", options->newest, "version that the device has had");
    command->add_option("--date", options->date, "a day to judge for; else now");
    command->add_flag("--json", options->json, "the verdict in JSON");
    command->callback([options] { verify_bundle(*options); });
}

void add_sign(CLI::App& group) {
    auto* sign_command = group.add_subcommand("sign", "Sign a bundle anew with another key");
    const auto signs = std::make_shared<SignOptions>();
    sign_command->add_option("BUNDLE", signs->in, "from bundle make")->required();
    sign_command->add_option("--key", signs->key, "the publisher's secret key")->required();
    sign_command->add_option("-o,--out", signs->out, "the bundle signed anew")->required();
    sign_command->add_flag("--json", signs->json, "the manifest in JSON");
    sign_command->callback([signs] { sign_bundle(*signs); });
}

}  // namespace

void add_bundle(Program& program) {
    auto* group =
        program.cli.add_subcommand("bundle", "Deltas and signed bundles")->require_subcommand(1);
    auto* keys = group->add_subcommand("keygen", "Make a publisher's pair of keys");
    const auto options = std::make_shared<KeygenOptions>();
    keys->add_option("-o,--out", options->out, "secret key; the public one gets .pub")->required();
    keys->add_flag("--json", options->json, "names and publisher in JSON");
    keys->callback([options] { keygen(*options); });
    add_make(*group);
    add_sign(*group);
    add_verify(*group);
    add_patch_commands(*group);
    add_bundle_readers(*group);
}

}  // namespace compot::apps
