#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "apps/classifier.hpp"
#include "apps/command.hpp"
#include "edge/scene/decode.hpp"
#include "edge/scene/net_classifier.hpp"
#include "edge/scene/weights_text.hpp"
#include "edge/train/scene_trainer.hpp"
#include "sim/camera/camera.hpp"

namespace compot::apps {

namespace {

struct TrainOptions {
    std::uint64_t seed = 1;
    std::size_t frames = train::SceneTraining{}.frames;
    std::size_t epochs = train::SceneTraining{}.epochs;
    std::string out;
    bool json = false;
};

struct EvaluateOptions {
    std::uint64_t seed = 1;
    std::size_t frames = 4000;
    int fog_percent = 0;
    std::string weights;
    bool json = false;
};

std::string origin_of(const TrainOptions& options) {
    return "scene net, seed " + std::to_string(options.seed) +
           ": compotastic learn train scene --seed " + std::to_string(options.seed) + " --frames " +
           std::to_string(options.frames) + " --epochs " + std::to_string(options.epochs);
}

/// A bar on a terminal, silence elsewhere.
train::Progress progress_bar() {
    if (isatty(STDERR_FILENO) == 0) return [](unsigned) {};
    auto shown = std::make_shared<unsigned>(0);
    return [shown](unsigned permille) {
        if (permille / 10 == *shown) return;
        *shown = permille / 10;
        const std::string bar(*shown / 2, '#');
        std::fprintf(stderr, "\r[%-50s] %3u %%%s", bar.c_str(), *shown, *shown == 100 ? "\n" : "");
    };
}

void train_scene(const TrainOptions& options) {
    train::SceneTraining training;
    training.seed = options.seed;
    training.frames = options.frames;
    training.epochs = options.epochs;
    const auto bytes = train::train_scene_net(training, camera::render_scene, progress_bar());
    const std::string text = scene::weights_to_text(origin_of(options), bytes);
    if (options.out.empty()) {
        std::fputs(text.c_str(), stdout);
        return;
    }
    std::ofstream file(options.out, std::ios::binary);
    file << text << std::flush;
    if (!file) throw std::runtime_error(options.out + ": cannot be written");
    if (options.json) {
        const nlohmann::ordered_json summary{
            {"seed", options.seed},      {"frames", options.frames},  {"epochs", options.epochs},
            {"net_bytes", bytes.size()}, {"text_bytes", text.size()}, {"file", options.out}};
        std::printf("%s\n", summary.dump().c_str());
    } else {
        std::printf("%s: a net of %zu bytes\n", options.out.c_str(), bytes.size());
    }
}

std::string contents_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string contents{std::istreambuf_iterator<char>(file), {}};
    if (!file) throw std::runtime_error(path + ": cannot be read");
    return contents;
}

std::unique_ptr<scene::NetClassifier> classifier_of(const EvaluateOptions& options) {
    if (options.weights.empty()) return scene::NetClassifier::built_in();
    auto classifier = scene::NetClassifier::from_text(contents_of(options.weights));
    if (!classifier) throw std::runtime_error(options.weights + ": " + classifier.error().sentence);
    return *std::move(classifier);
}

const char* name_of(std::size_t what) { return to_string(static_cast<learn::TileClass>(what)); }

void print_table(const train::Evaluation& evaluation) {
    std::printf("%zu of %zu pictures right: %.1f %%\n\n%-10s", evaluation.right(),
                evaluation.frames(), evaluation.right_permille() / 10.0, "is / seen");
    for (std::size_t i = 0; i < learn::kTileClasses; ++i) std::printf("%11s", name_of(i));
    for (std::size_t truth = 0; truth < learn::kTileClasses; ++truth) {
        std::printf("\n%-10s", name_of(truth));
        for (const std::size_t count : evaluation.confusion[truth]) std::printf("%11zu", count);
    }
    const std::size_t seen = evaluation.frames() / learn::kTileClasses * (learn::kTileClasses - 1);
    std::printf(
        "\n\nof %zu pictures with something on them %zu convince of what it is, %zu of another "
        "class\n",
        seen, evaluation.convincing_right, evaluation.convincing_wrong);
}

void evaluate_scene(const EvaluateOptions& options) {
    const auto classifier = classifier_of(options);
    const auto evaluation =
        train::evaluate(*classifier, options.seed, options.frames,
                        [&options](std::uint64_t seed, learn::TileClass what) {
                            return camera::render_in_fog(seed, what, options.fog_percent);
                        });
    if (!options.json) return print_table(evaluation);
    nlohmann::ordered_json confusion;
    for (std::size_t truth = 0; truth < learn::kTileClasses; ++truth) {
        for (std::size_t answer = 0; answer < learn::kTileClasses; ++answer) {
            confusion[name_of(truth)][name_of(answer)] = evaluation.confusion[truth][answer];
        }
    }
    const nlohmann::ordered_json result{{"seed", options.seed},
                                        {"frames", evaluation.frames()},
                                        {"right", evaluation.right()},
                                        {"accuracy", evaluation.right_permille() / 1000.0},
                                        {"convincing_right", evaluation.convincing_right},
                                        {"convincing_wrong", evaluation.convincing_wrong},
                                        {"products", classifier->net().products()},
                                        {"arena_bytes", classifier->net().arena_bytes()},
                                        {"confusion", confusion}};
    std::printf("%s\n", result.dump().c_str());
}

struct ClassifyOptions {
    std::string picture;
    bool json = false;
};

void classify_scene(const ClassifyOptions& options) {
    const std::string contents = contents_of(options.picture);
    const std::vector<std::uint8_t> file(contents.begin(), contents.end());
    const auto image = scene::decode(file);
    if (!image) throw std::runtime_error(options.picture + ": " + image.error().sentence);
    const auto classifier = classifier_from_environment(
        [](const std::string& why) { std::fprintf(stderr, "compotastic: %s\n", why.c_str()); });
    const auto scene = classifier->classify(*image);
    if (!scene) throw std::runtime_error(options.picture + ": " + scene.error().sentence);
    const double confidence = scene->confidence_permille / 1000.0;
    if (options.json) {
        const nlohmann::ordered_json result{{"label", to_string(scene->what)},
                                            {"confidence", confidence},
                                            {"backend", scene->backend}};
        std::printf("%s\n", result.dump().c_str());
    } else {
        std::printf("%s, %.1f %% sure, says the %s\n", to_string(scene->what), confidence * 100,
                    scene->backend.c_str());
    }
}

void add_train(CLI::App& learn) {
    auto* command = learn.add_subcommand("train", "Make a model")->require_subcommand(1);
    auto* scene = command->add_subcommand("scene", "The net that tells what stands on a tile");
    const auto options = std::make_shared<TrainOptions>();
    scene->add_option("--seed", options->seed, "of the pictures and of the net's first weights")
        ->capture_default_str();
    scene->add_option("--frames", options->frames, "pictures to learn from")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
    scene->add_option("--epochs", options->epochs, "how often each is looked at")
        ->check(CLI::Range(1, 10'000))
        ->capture_default_str();
    auto* out = scene->add_option("--out", options->out, "where the weights go; else to stdout");
    scene->add_flag("--json", options->json, "a summary in JSON")->needs(out);
    scene->callback([options] { train_scene(*options); });
}

void add_evaluate(CLI::App& learn) {
    auto* command = learn.add_subcommand("evaluate", "See how good one is")->require_subcommand(1);
    auto* scene = command->add_subcommand("scene", "On pictures that no training has seen");
    const auto options = std::make_shared<EvaluateOptions>();
    scene->add_option("--seed", options->seed, "of the pictures")->capture_default_str();
    scene->add_option("--frames", options->frames, "how many")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
    scene->add_option("--fog", options->fog_percent, "so many percent of the light are the fog's")
        ->check(CLI::Range(0, 100))
        ->capture_default_str();
    scene->add_option("--weights", options->weights, "a file from learn train; else the built-in");
    scene->add_flag("--json", options->json, "the result in JSON");
    scene->callback([options] { evaluate_scene(*options); });
}

void add_classify(CLI::App& learn) {
    auto* command = learn.add_subcommand("classify",
                                         "Name what one picture shows, by the API of "
                                         "COMPOTASTIC_API_BASE or the built-in net");
    const auto options = std::make_shared<ClassifyOptions>();
    command->add_option("picture", options->picture, "a JPEG or PNG file")->required();
    command->add_flag("--json", options->json, "the result in JSON");
    command->callback([options] { classify_scene(*options); });
}

}  // namespace

void add_learn(Program& program) {
    auto* learn = program.cli.add_subcommand("learn", "Train a model and see how good it is")
                      ->require_subcommand(1);
    add_train(*learn);
    add_evaluate(*learn);
    add_classify(*learn);
}

}  // namespace compot::apps
