#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include "apps/bundle_tools.hpp"
#include "apps/files.hpp"
#include "apps/net_accuracy.hpp"
#include "apps/patch_picture.hpp"
#include "core/bundle/copy_map.hpp"
#include "edge/patch/lossy.hpp"

namespace compot::apps {

namespace {

constexpr std::size_t kPatchBytesMax = 2 * bundle::kImageBytesMax;  ///< noise grows a little

struct DiffOptions {
    std::string old_path, new_path, out, html, accuracy, sections;
    std::optional<std::uint32_t> base;
    std::size_t budget = 0;
    bool json = false;
};

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

patch::Options options_of(const DiffOptions& options) {
    patch::Options how;
    how.base = options.base;
    how.progress = progress_bar();
    how.sections = read_sections(options.sections);
    return how;
}

void diff(const DiffOptions& options) {
    const auto old_image = read_file(options.old_path, bundle::kImageBytesMax);
    const auto new_image = read_file(options.new_path, bundle::kImageBytesMax);
    Inexact inexact;
    const patch::Patch made = options.budget != 0
                                  ? make_within_budget(options, old_image, new_image, inexact)
                                  : make_patch(options.old_path, options.new_path, old_image,
                                               new_image, options_of(options));
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
               {"spent_bits", spending_as_json(made)},
               {"sections", sections_as_json(made)}};
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

}  // namespace

patch::Patch make_patch(const std::string& old_path, const std::string& new_path,
                        const std::vector<std::uint8_t>& old_image,
                        const std::vector<std::uint8_t>& new_image, const patch::Options& options) {
    auto made = patch::make_patch(old_image, new_image, options);
    if (!made) fail(old_path + " to " + new_path + ": " + sentence_of(made.error()));
    return *std::move(made);
}

void add_patch_commands(CLI::App& group) {
    auto* diff_command = group.add_subcommand("diff", "Make a patch from one image to another");
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
    diff_command->add_option("--sections", diffs->sections,
                             "ELF file of the new image, for the names of its sections");
    diff_command->add_option("--html", diffs->html, "where the patch's bytes go, as a page");
    diff_command->add_flag("--json", diffs->json, "the result in JSON");
    diff_command->callback([diffs] { diff(*diffs); });

    auto* patch_command = group.add_subcommand("patch", "Apply a patch to an image");
    const auto patches = std::make_shared<PatchOptions>();
    patch_command->add_option("OLD", patches->old_path, "what is installed")->required();
    patch_command->add_option("PATCH", patches->patch_path, "from bundle diff")->required();
    patch_command->add_option("-o,--out", patches->out, "the new image")->required();
    patch_command->add_flag("--json", patches->json, "the result in JSON");
    patch_command->callback([patches] { apply(*patches); });
}

}  // namespace compot::apps
