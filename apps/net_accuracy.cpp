#include "apps/net_accuracy.hpp"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <vector>

#include "edge/scene/net_classifier.hpp"
#include "edge/train/scene_trainer.hpp"
#include "sim/camera/camera.hpp"

namespace compot::apps {

namespace {

constexpr std::uint64_t kSeed = 1;
constexpr std::size_t kPictures = 400;

/// A file with a name of its own that ends with this object.
class Temporary {
public:
    explicit Temporary(BytesView bytes) {
        const int descriptor = mkstemp(name_.data());
        if (descriptor < 0) throw std::runtime_error("/tmp: no file can be made there");
        const ssize_t written = write(descriptor, bytes.data(), bytes.size());
        close(descriptor);
        if (written != static_cast<ssize_t>(bytes.size()))
            throw std::runtime_error(std::string(name_.data()) + ": cannot be written");
    }

    ~Temporary() { unlink(name_.data()); }

    Temporary(const Temporary&) = delete;
    Temporary& operator=(const Temporary&) = delete;
    Temporary(Temporary&&) = delete;
    Temporary& operator=(Temporary&&) = delete;

    [[nodiscard]] const char* name() const { return name_.data(); }

private:
    std::array<char, 32> name_{"/tmp/compotastic-net-XXXXXX"};
};

}  // namespace

double scene_accuracy(BytesView net) {
    const auto classifier = scene::NetClassifier::from_bytes({net.begin(), net.end()});
    if (!classifier)
        throw std::runtime_error("the net is none for scenes: say with --accuracy how right it is");
    const auto result = train::evaluate(**classifier, kSeed, kPictures, camera::render_scene);
    return static_cast<double>(result.right()) / static_cast<double>(result.frames());
}

double measured_accuracy(const std::string& command, BytesView net) {
    const Temporary file(net);
    const std::string line = command + " " + file.name();
    // NOLINTNEXTLINE(cert-env33-c): the user's own command, as in any shell
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(line.c_str(), "r"), pclose);
    if (!pipe) throw std::runtime_error(command + ": cannot be run");
    std::array<char, 64> text{};
    if (std::fgets(text.data(), static_cast<int>(text.size()), pipe.get()) == nullptr)
        throw std::runtime_error(command + ": prints nothing");
    char* end = nullptr;
    const double value = std::strtod(text.data(), &end);
    if (end == text.data() || !(value >= 0 && value <= 1))
        throw std::runtime_error(command + ": prints something else than a number from 0 to 1");
    return value;
}

}  // namespace compot::apps
