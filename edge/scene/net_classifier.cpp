#include "edge/scene/net_classifier.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "core/base/check.hpp"
#include "edge/scene/resize.hpp"
#include "edge/scene/softmax.hpp"
#include "edge/scene/weights_text.hpp"

namespace compot::scene {

namespace {

/// The text of weights.txt, put into the program by the build.
constexpr std::string_view kBuiltIn =
#include "edge/scene/weights.inc"
    ;

bool fits(const learn::Int8Net& net) {
    const learn::TensorShape in = net.input_shape();
    return in.height == in.width && in.channels == 3 && net.output_step_q16() > 0 &&
           net.output_shape() == learn::TensorShape{1, 1, learn::kTileClasses};
}

}  // namespace

NetClassifier::NetClassifier(std::vector<std::uint8_t> bytes, const learn::Int8Net& net)
    : bytes_(std::move(bytes)),
      net_(net),
      input_(net.input_shape().size()),
      arena_(net.arena_bytes()) {}

Result<std::unique_ptr<NetClassifier>, Failure> NetClassifier::from_bytes(
    std::vector<std::uint8_t> bytes) {
    const auto net = learn::Int8Net::parse(bytes);
    if (!net)
        return Failure{net.error(), std::string("weights: no net: ") + to_string(net.error())};
    if (!fits(*net)) {
        return Failure{Error::Unsupported,
                       "weights: the net does not make four logits of a square colour picture"};
    }
    // A vector that is moved keeps its bytes where they are, so the net may go on looking at them.
    return std::unique_ptr<NetClassifier>{new NetClassifier(std::move(bytes), *net)};
}

Result<std::unique_ptr<NetClassifier>, Failure> NetClassifier::from_text(std::string_view weights) {
    auto bytes = weights_from_text(weights);
    if (!bytes) return bytes.error();
    return from_bytes(*std::move(bytes));
}

std::unique_ptr<NetClassifier> NetClassifier::built_in() {
    auto classifier = from_text(kBuiltIn);
    COMPOT_CHECK(classifier.ok());
    return *std::move(classifier);
}

Result<Scene, Failure> NetClassifier::classify(const Image& image) {
    const Image square = to_square(image, net_.input_shape().width);
    std::transform(square.rgb.begin(), square.rgb.end(), input_.begin(),
                   [](std::uint8_t level) { return static_cast<std::int8_t>(level - 128); });
    const auto logits = net_.run(input_, arena_);
    std::size_t best = 0;
    for (std::size_t i = 1; i < logits.size(); ++i) {
        if (logits[i] >= logits[best]) best = i;  // of two alike, the more dangerous
    }
    return Scene{static_cast<learn::TileClass>(best),
                 share_permille(logits, best, net_.output_step_q16()), "int8 net"};
}

}  // namespace compot::scene
