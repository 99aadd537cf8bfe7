#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "apps/bundle_tools.hpp"
#include "apps/files.hpp"
#include "apps/patch_picture.hpp"
#include "core/bundle/copy_map.hpp"
#include "core/bundle/patch_header.hpp"
#include "edge/bundle/suit.hpp"
#include "edge/patch/inspect.hpp"

namespace compot::apps {

namespace {

using bundle::Kind;

struct InspectOptions {
    std::string in, base, sections, html;
    bool json = false;
};

/// What the header says, for somebody who does not have the base.
Json facts_of(const bundle::PatchHeader& header, std::size_t size) {
    return {{"bytes", size},
            {"new_bytes", header.new_size},
            {"base", header.base},
            {"old_digest_begins", hex(header.old_check)}};
}

void inspect_patch(const InspectOptions& options, BytesView bytes) {
    ByteReader in(bytes);
    const auto header = bundle::PatchHeader::read(in);
    if (!header) fail(options.in + ": " + sentence_of(header.error()));
    Json facts = facts_of(*header, bytes.size());
    if (options.base.empty()) {
        if (!options.html.empty()) fail("--html needs the image that is patched, with --base");
        if (options.json) return print(facts);
        print_described(facts);
        std::printf("say with --base IMAGE what it patches, to see where its bytes go\n");
        return;
    }
    const auto old_image = read_file(options.base, bundle::kImageBytesMax);
    const auto read = patch::inspect_patch(old_image, bytes, read_sections(options.sections));
    if (!read) fail(options.in + ": " + sentence_of(read.error()));
    if (!options.html.empty()) write_text(options.html, picture_as_html(*read, options.in));
    facts["pieces"] = read->pieces;
    facts["literal_bytes"] = read->fresh_bytes;
    facts["weight_bytes"] = read->zone_bytes;
    facts["spent_bits"] = spending_as_json(*read);
    facts["sections"] = sections_as_json(*read);
    if (options.json) return print(facts);
    std::printf("%s", picture_as_text(*read).c_str());
}

void inspect(const InspectOptions& options) {
    const auto bytes = read_file(options.in, 2 * bundle::kImageBytesMax);
    constexpr std::uint8_t kPatchFormat = 0xD0;
    if (bytes.front() == kPatchFormat) return inspect_patch(options, bytes);
    const Bundle bundle = read_bundle(options.in);
    const Json facts = described(bundle.manifest);
    if (options.json) {
        if (options.base.empty()) return print(facts);
    } else {
        print_described(facts);
    }
    if (bundle.manifest.manifest.kind != Kind::FirmwarePatch || options.base.empty()) return;
    if (!options.json) std::printf("\n");
    inspect_patch(options, bundle.payload);
}

struct ExportOptions {
    std::string in, key, out;
    bool json = false;
};

void export_suit(const ExportOptions& options) {
    const crypto::Key seed = read_secret(options.key);
    const auto envelope = bundles::suit_envelope(read_bundle(options.in), seed);
    write_file(options.out, envelope);
    if (options.json) {
        print({{"envelope", options.out}, {"bytes", envelope.size()}});
    } else {
        std::printf("%s: a SUIT envelope of %zu bytes\n", options.out.c_str(), envelope.size());
    }
}

}  // namespace

void add_bundle_readers(CLI::App& group) {
    auto* inspect_command =
        group.add_subcommand("inspect", "Show what a bundle or a patch says, and where bytes go");
    const auto inspects = std::make_shared<InspectOptions>();
    inspect_command->add_option("FILE", inspects->in, "from bundle make or bundle diff")
        ->required();
    inspect_command->add_option("--base", inspects->base, "image that the patch is for");
    inspect_command->add_option("--sections", inspects->sections,
                                "ELF file of the new image, for the names of its sections");
    inspect_command->add_option("--html", inspects->html, "where the patch's bytes go, as a page");
    inspect_command->add_flag("--json", inspects->json, "in JSON");
    inspect_command->callback([inspects] { inspect(*inspects); });

    auto* export_command =
        group.add_subcommand("export", "Write a bundle as a SUIT envelope (RFC 9124), signed anew");
    const auto exports = std::make_shared<ExportOptions>();
    export_command->add_option("BUNDLE", exports->in, "from bundle make")->required();
    export_command->add_option("--key", exports->key, "the publisher's secret key")->required();
    export_command->add_option("-o,--out", exports->out, "the envelope")->required();
    export_command->add_flag("--json", exports->json, "the result in JSON");
    export_command->callback([exports] { export_suit(*exports); });
}

}  // namespace compot::apps
