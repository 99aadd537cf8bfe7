#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/base/containers.hpp"
#include "core/base/result.hpp"
#include "core/learn/int8_layer.hpp"

/// A small neural network in eight-bit integers, the same on a Cat and on Compot: layers, one after
/// another, read from the bytes of doc/net-format.md. It does not know what its inputs and outputs
/// mean.

namespace compot::learn {

class Int8Net {
public:
    static constexpr std::size_t kLayersMax = 32;
    static constexpr std::size_t kTensorMax = 65'536;  ///< values in one tensor
    static constexpr std::size_t kTapsMax = 32'768;    ///< products in one sum
    static constexpr std::int32_t kBiasMax = 1 << 30;  ///< with kTapsMax, a sum fits 32 bits

    /// Checks every field: afterwards run() can't fail. The net keeps looking at `bytes`, which
    /// must outlive it. ERRORS: Truncated, Malformed, TooBig, Unsupported (another version).
    [[nodiscard]] static Result<Int8Net> parse(BytesView bytes);

    [[nodiscard]] TensorShape input_shape() const { return layers_[0].in; }

    [[nodiscard]] TensorShape output_shape() const { return layers_.back().out; }

    /// What one step of the output is worth in nats, in 1/65536; 0 when it gives no logits.
    [[nodiscard]] std::uint32_t output_step_q16() const { return output_step_q16_; }

    /// Memory that run() needs: the largest pair of neighbouring tensors.
    [[nodiscard]] std::size_t arena_bytes() const { return arena_bytes_; }

    /// Multiplications with a weight in one run, padding included.
    [[nodiscard]] std::uint64_t products() const;

    /// The output, which lies inside `arena`.
    /// REQUIRES: input.size() == input_shape().size(), arena.size() >= arena_bytes().
    [[nodiscard]] std::span<const std::int8_t> run(std::span<const std::int8_t> input,
                                                   std::span<std::int8_t> arena) const;

private:
    std::uint32_t output_step_q16_ = 0;
    std::size_t arena_bytes_ = 0;
    FixedVector<Int8Layer, kLayersMax> layers_;
};

}  // namespace compot::learn
