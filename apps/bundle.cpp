#include <fmt/format.h>
#include <sodium/randombytes.h>
#include <unistd.h>

#include <cstdio>
#include <ctime>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>

#include "apps/command.hpp"
#include "apps/files.hpp"
#include "apps/net_accuracy.hpp"
#include "apps/patch_picture.hpp"
#include "core/bundle/copy_map.hpp"
#include "core/bundle/trust.hpp"
#include "edge/bundle/bundle_file.hpp"
#include "edge/patch/lossy.hpp"

namespace compot::apps {

namespace {

using bundle::Kind;
using bundles::Bundle;
using Json = nlohmann::ordered_json;

constexpr std::size_t kBundleBytesMax = bundle::kImageBytesMax + bundle::Manifest::kBytes;
constexpr std::size_t kPatchBytesMax = 2 * bundle::kImageBytesMax;  ///< noise grows a little
constexpr char kSecretTitle[] = "compotastic secret key\n";
constexpr char kPublicTitle[] = "compotastic public key\n";
constexpr std::time_t kMinutesEpoch = 1704067200;  ///< 2024-01-01 00:00 UTC

[[noreturn]] void fail(const std::string& sentence) { throw std::runtime_error(sentence); }

std::string hex(BytesView bytes) {
    std::string out;
    for (const std::uint8_t byte : bytes) out += fmt::format("{:02x}", byte);
    return out;
}

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

void write_text(const std::string& path, const std::string& text, bool secret = false) {
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

std::string date_of(bundle::Minutes minutes) {
    if (minutes == 0) return "-";
    const std::time_t seconds = kMinutesEpoch + std::time_t{minutes} * 60;
    std::array<char, 32> text{};
    const std::tm* parts = std::gmtime(&seconds);
    std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M UTC", parts);
    return text.data();
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

// diff and patch

struct DiffOptions {
    std::string old_path, new_path, out, html, accuracy;
    std::optional<std::uint32_t> base;
    std::size_t budget = 0;
    bool json = false;
};

patch::Patch make(const std::string& old_path, const std::string& new_path,
                  const std::vector<std::uint8_t>& old_image,
                  const std::vector<std::uint8_t>& new_image, std::optional<std::uint32_t> base) {
    patch::Options how;
    how.base = base;
    how.progress = progress_bar();
    auto made = patch::make_patch(old_image, new_image, how);
    if (!made) fail(old_path + " to " + new_path + ": " + sentence_of(made.error()));
    return *std::move(made);
}

struct Inexact {
    double accuracy = 0;
    double exact_accuracy = 0;
    double old_accuracy = 0;
};

/// A patch of a net within the budget. How right a net is, its pictures or the user's command say.
patch::Patch make_within_budget(const DiffOptions& options, BytesView old_net, BytesView new_net,
                                Inexact& inexact) {
    patch::LossyOptions how;
    how.budget_bytes = options.budget;
    how.accuracy = [&](BytesView net) {
        return options.accuracy.empty() ? scene_accuracy(net)
                                        : measured_accuracy(options.accuracy, net);
    };
    auto made = patch::make_lossy_patch(old_net, new_net, how);
    const std::string what = options.old_path + " to " + options.new_path + ": ";
    if (!made) {
        switch (made.error()) {
            case Error::Unsupported: fail(what + "no nets of doc/net-format.md, no budget");
            case Error::NoRoom: fail(what + fmt::format("no change fits {} bytes", options.budget));
            default: fail(what + "the nets are equal, or of different shapes");
        }
    }
    inexact = {made->accuracy, made->exact_accuracy, made->old_accuracy};
    return std::move(made->patch);
}

void diff(const DiffOptions& options) {
    const auto old_image = read_file(options.old_path, bundle::kImageBytesMax);
    const auto new_image = read_file(options.new_path, bundle::kImageBytesMax);
    Inexact inexact;
    const patch::Patch made =
        options.budget != 0
            ? make_within_budget(options, old_image, new_image, inexact)
            : make(options.old_path, options.new_path, old_image, new_image, options.base);
    write_file(options.out, made.bytes);
    if (!options.html.empty()) {
        write_text(options.html,
                   picture_as_html(made, options.old_path + " to " + options.new_path));
    }
    const std::size_t frames = bundles::frames_of(made.bytes.size(), bundles::Terms{}.piece_bytes);
    if (!options.json) {
        std::printf(
            "%s: %zu bytes (the image has %zu), %zu frames on the air with its manifest\n\n%s",
            options.out.c_str(), made.bytes.size(), new_image.size(), frames,
            picture_as_text(made).c_str());
        if (options.budget != 0) {
            std::printf(
                "\nright answers: %.1f %%, of the exact net %.1f %%, of the old one %.1f %%\n",
                inexact.accuracy * 100, inexact.exact_accuracy * 100, inexact.old_accuracy * 100);
        }
        return;
    }
    Json spent{{"header", made.header_bytes * 8}};
    for (std::size_t i = 0; i < patch::Spending::kAccounts; ++i)
        spent[account_name(i)] = std::lround(made.spending.bits[i]);
    Json facts{{"patch", options.out},
               {"bytes", made.bytes.size()},
               {"old_bytes", old_image.size()},
               {"new_bytes", new_image.size()},
               {"frames", frames},
               {"base", made.base},
               {"pieces", made.pieces},
               {"phrases", made.borrows},
               {"literal_bytes", made.fresh_bytes},
               {"weight_bytes", made.zone_bytes},
               {"spent_bits", spent}};
    if (options.budget != 0) {
        facts["accuracy"] = inexact.accuracy;
        facts["exact_accuracy"] = inexact.exact_accuracy;
        facts["old_accuracy"] = inexact.old_accuracy;
    }
    print(facts);
}

struct PatchOptions {
    std::string old_path, patch_path, out;
    bool json = false;
};

void apply(const PatchOptions& options) {
    const auto old_image = read_file(options.old_path, bundle::kImageBytesMax);
    const auto bytes = read_file(options.patch_path, kPatchBytesMax);
    const auto made = patch::apply_patch(old_image, bytes, progress_bar());
    if (!made) fail(options.patch_path + ": " + sentence_of(made.error()));
    write_file(options.out, *made);
    if (options.json) {
        print({{"image", options.out},
               {"bytes", made->size()},
               {"digest", hex(crypto::digest(*made))}});
    } else {
        std::printf("%s: %zu bytes\n", options.out.c_str(), made->size());
    }
}

// make, sign, verify, inspect

struct MakeOptions {
    std::string payload, key, out, kind = "firmware-image", hardware, base, not_before, not_after;
    bundles::Terms terms;
    bool json = false;
};

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

void write_bundle(const std::string& path, const Bundle& bundle, bool json) {
    write_file(path, bundle.serialise());
    Json facts = described(bundle.manifest);
    facts["bundle"] = path;
    if (json) return print(facts);
    print_described(facts);
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
        payload = make(options.base, options.payload, base, result, std::nullopt).bytes;
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

struct InspectOptions {
    std::string in;
    bool json = false;
};

void inspect_bundle(const InspectOptions& options) {
    const Json facts = described(read_bundle(options.in).manifest);
    if (options.json) return print(facts);
    print_described(facts);
}

// wiring

void add_patch_commands(CLI::App& group) {
    auto* diff_command = group.add_subcommand("diff", "make a patch from one image to another");
    const auto diffs = std::make_shared<DiffOptions>();
    diff_command->add_option("OLD", diffs->old_path, "what is installed")->required();
    diff_command->add_option("NEW", diffs->new_path, "what shall be")->required();
    diff_command->add_option("-o,--out", diffs->out, "the patch")->required();
    diff_command->add_option("--base", diffs->base,
                             "address at which the images run; else guessed");
    diff_command->add_option("--budget", diffs->budget,
                             "of a net: round its changes until the patch has so few bytes");
    diff_command->add_option("--accuracy", diffs->accuracy,
                             "command that prints how right the net in the file is that it gets "
                             "as its last argument, 0 to 1; else the scene net's pictures tell");
    diff_command->add_option("--html", diffs->html, "where the patch's bytes go, as a page");
    diff_command->add_flag("--json", diffs->json, "the result in JSON");
    diff_command->callback([diffs] { diff(*diffs); });

    auto* patch_command = group.add_subcommand("patch", "apply a patch to an image");
    const auto patches = std::make_shared<PatchOptions>();
    patch_command->add_option("OLD", patches->old_path, "what is installed")->required();
    patch_command->add_option("PATCH", patches->patch_path, "from bundle diff")->required();
    patch_command->add_option("-o,--out", patches->out, "the new image")->required();
    patch_command->add_flag("--json", patches->json, "the result in JSON");
    patch_command->callback([patches] { apply(*patches); });
}

void add_make(CLI::App& group) {
    auto* command = group.add_subcommand("make", "make and sign a bundle");
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
    auto* command = group.add_subcommand("verify", "say whether a device would take a bundle");
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

void add_sign_and_inspect(CLI::App& group) {
    auto* sign_command = group.add_subcommand("sign", "sign a bundle anew with another key");
    const auto signs = std::make_shared<SignOptions>();
    sign_command->add_option("BUNDLE", signs->in, "from bundle make")->required();
    sign_command->add_option("--key", signs->key, "the publisher's secret key")->required();
    sign_command->add_option("-o,--out", signs->out, "the bundle signed anew")->required();
    sign_command->add_flag("--json", signs->json, "the manifest in JSON");
    sign_command->callback([signs] { sign_bundle(*signs); });

    auto* inspect_command = group.add_subcommand("inspect", "show what a bundle says of itself");
    const auto inspects = std::make_shared<InspectOptions>();
    inspect_command->add_option("BUNDLE", inspects->in, "from bundle make")->required();
    inspect_command->add_flag("--json", inspects->json, "in JSON");
    inspect_command->callback([inspects] { inspect_bundle(*inspects); });
}

}  // namespace

void add_bundle(Program& program) {
    auto* group =
        program.cli.add_subcommand("bundle", "deltas and signed bundles")->require_subcommand(1);
    auto* keys = group->add_subcommand("keygen", "make a publisher's pair of keys");
    const auto options = std::make_shared<KeygenOptions>();
    keys->add_option("-o,--out", options->out, "secret key; the public one gets .pub")->required();
    keys->add_flag("--json", options->json, "names and publisher in JSON");
    keys->callback([options] { keygen(*options); });
    add_make(*group);
    add_sign_and_inspect(*group);
    add_verify(*group);
    add_patch_commands(*group);
}

}  // namespace compot::apps
