#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "core/learn/int8_net.hpp"
#include "edge/scene/classifier.hpp"

/// The backend that is always there: our own int8 net, with the kernels that a Cat has. One picture
/// gets one label, on every machine.

namespace compot::scene {

class NetClassifier final : public SceneClassifier {
public:
    /// The net that edge/scene/weights.txt holds.
    [[nodiscard]] static std::unique_ptr<NetClassifier> built_in();

    /// ERRORS: Malformed, TooBig or Unsupported when `weights` is no net that takes a square colour
    /// picture and gives a logit for each of the four classes.
    [[nodiscard]] static Result<std::unique_ptr<NetClassifier>, Failure> from_text(
        std::string_view weights);
    [[nodiscard]] static Result<std::unique_ptr<NetClassifier>, Failure> from_bytes(
        std::vector<std::uint8_t> bytes);

    /// Never fails. Not for several threads at once: the net has one arena.
    [[nodiscard]] Result<Scene, Failure> classify(const Image& image) override;

    [[nodiscard]] const learn::Int8Net& net() const { return net_; }

    [[nodiscard]] const std::vector<std::uint8_t>& bytes() const { return bytes_; }

private:
    NetClassifier(std::vector<std::uint8_t> bytes, const learn::Int8Net& net);

    std::vector<std::uint8_t> bytes_;  ///< what the net looks at
    learn::Int8Net net_;
    std::vector<std::int8_t> input_;
    std::vector<std::int8_t> arena_;
};

}  // namespace compot::scene
