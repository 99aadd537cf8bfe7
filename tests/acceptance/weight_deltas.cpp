#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "edge/patch/lossy.hpp"
#include "tests/acceptance/digit_nets.hpp"

/// weight_deltas DIGITS.csv FOLDER: patches of fine-tuned nets, exact and within budgets of bytes.
/// Prints a line of JSON for each, with the accuracy on pictures that neither training nor the
/// choice of a rounding has seen, and leaves the nets in FOLDER for other tools.

namespace {

using namespace compot;              // NOLINT(google-build-using-namespace): a program of its own
using namespace compot::acceptance;  // NOLINT(google-build-using-namespace): a program of its own

using Net = std::vector<std::uint8_t>;

class Figures {
public:
    Figures(const DigitNets& nets, std::string folder) : nets_(nets), folder_(std::move(folder)) {
        save("base", nets_.base);
        for (std::size_t i = 0; i < nets_.seen.size(); i += 2) some_.push_back(nets_.seen[i]);
    }

    void exact(const std::string& tune, const Net& net) {
        const auto patch = patch::make_patch(nets_.base, net);
        COMPOT_CHECK(patch.ok());
        print(tune, net, net, patch->bytes.size(), 0);
    }

    void lossy(const std::string& tune, const Net& net, std::size_t budget) {
        patch::LossyOptions options;
        options.budget_bytes = budget;
        options.accuracy = [&](BytesView bytes) {
            return accuracy({bytes.begin(), bytes.end()}, some_);
        };
        const auto made = patch::make_lossy_patch(nets_.base, net, options);
        COMPOT_CHECK(made.ok());
        COMPOT_CHECK(*patch::apply_patch(nets_.base, made->patch.bytes) == made->net);
        print(tune, net, made->net, made->patch.bytes.size(), budget);
    }

private:
    void save(const std::string& name, const Net& net) const {
        std::ofstream file(folder_ + "/" + name, std::ios::binary);
        for (const std::uint8_t byte : net) file.put(static_cast<char>(byte));
    }

    void print(const std::string& tune, const Net& exact, const Net& made, std::size_t bytes,
               std::size_t budget) const {
        const std::string name = tune + "-" + std::to_string(budget);
        save(name, made);
        const nlohmann::ordered_json line{{"tune", tune},
                                          {"budget", budget},
                                          {"bytes", bytes},
                                          {"accuracy", accuracy(made, nets_.unseen)},
                                          {"exact_accuracy", accuracy(exact, nets_.unseen)},
                                          {"base_accuracy", accuracy(nets_.base, nets_.unseen)},
                                          {"net", folder_ + "/" + name}};
        std::printf("%s\n", line.dump().c_str());
        static_cast<void>(std::fflush(stdout));
    }

    const DigitNets& nets_;
    std::string folder_;
    Pictures some_;  ///< by which a rounding is chosen
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    const Pictures digits = read_digits(argv[1]);
    if (digits.size() < 1500) {
        std::printf("%s: holds no digits\n", argv[1]);
        return 77;
    }
    const DigitNets nets = train_digit_nets(digits);
    Figures figures(nets, argv[2]);
    figures.exact("head", nets.head);
    for (const std::size_t budget : {195U, 426U}) figures.lossy("head", nets.head, budget);
    figures.exact("thrifty_head", nets.thrifty_head);
    figures.lossy("thrifty_head", nets.thrifty_head, 426);
    figures.exact("light", nets.light);
    figures.lossy("light", nets.light, 4131);
    figures.exact("full", nets.full);
    for (const std::size_t budget : {2601U, 3993U, 7321U}) figures.lossy("full", nets.full, budget);
    figures.exact("thrifty_full", nets.thrifty_full);
    for (const std::size_t budget : {1000U, 2601U})
        figures.lossy("thrifty_full", nets.thrifty_full, budget);
    return 0;
}
