#include "core/learn/int8_net.hpp"

#include <algorithm>
#include <array>

#include "core/base/bytes.hpp"

namespace compot::learn {

namespace {

constexpr std::array<std::uint8_t, 3> kMagic{'C', 'N', '8'};
constexpr std::uint8_t kVersion = 1;
constexpr std::int32_t kMultiplierMin = 1 << 30;
constexpr int kShiftMin = -31;
constexpr int kShiftMax = 7;

enum class Padding : std::uint8_t { Valid = 0, Same = 1 };

Status check(TensorShape shape) {
    if (shape.size() == 0) return Error::Malformed;
    if (shape.size() > Int8Net::kTensorMax) return Error::TooBig;
    return {};
}

struct Span {
    std::uint16_t out = 0;
    std::uint8_t pad_before = 0;
};

/// How many places a kernel has along one axis, and the padding before the first.
/// SOURCE: tensorflow.org/api_docs/python/tf/nn, "Notes on padding".
Result<Span> span_of(std::uint16_t in, std::uint8_t kernel, std::uint8_t stride, Padding padding) {
    if (padding == Padding::Valid) {
        if (kernel > in) return Error::Malformed;
        return Span{static_cast<std::uint16_t>((in - kernel) / stride + 1), 0};
    }
    const int out = (in + stride - 1) / stride;
    const int total = std::max((out - 1) * stride + kernel - in, 0);
    return Span{static_cast<std::uint16_t>(out), static_cast<std::uint8_t>(total / 2)};
}

Status check_channels(BytesView channels) {
    ByteReader reader(channels);
    while (!reader.rest().empty()) {
        const auto bias = reader.read<std::int32_t>();
        const auto multiplier = reader.read<std::int32_t>();
        const auto shift = reader.read<std::int8_t>();
        if (bias < -Int8Net::kBiasMax || bias > Int8Net::kBiasMax) return Error::Malformed;
        if (multiplier != 0 && multiplier < kMultiplierMin) return Error::Malformed;
        if (shift < kShiftMin || shift > kShiftMax) return Error::Malformed;
    }
    return {};
}

Status read_weights(ByteReader& reader, Int8Layer& layer) {
    const bool deep = layer.kind == LayerKind::Convolution;
    const std::size_t taps = std::size_t{layer.kernel_height} * layer.kernel_width *
                             (deep ? layer.in.channels : std::size_t{1});
    if (taps > Int8Net::kTapsMax) return Error::TooBig;
    const BytesView channels = reader.take(layer.out.channels * Int8Layer::kChannelBytes);
    const BytesView weights = reader.take(layer.out.channels * taps);
    if (reader.failed()) return Error::Truncated;
    layer.channels = channels.data();
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the same bytes with a sign
    layer.weights = reinterpret_cast<const std::int8_t*>(weights.data());
    return check_channels(channels);
}

/// Kind, kernel, stride, padding, channels and activation; the rest follows from the input.
Result<Int8Layer> read_layer(ByteReader& reader, TensorShape in, std::int8_t in_zero) {
    Int8Layer layer;
    const std::uint8_t kind = reader.u8();
    layer.kernel_height = reader.u8();
    layer.kernel_width = reader.u8();
    layer.stride = reader.u8();
    const std::uint8_t padding = reader.u8();
    layer.out.channels = reader.u16();
    layer.out_zero = reader.read<std::int8_t>();
    layer.low = reader.read<std::int8_t>();
    layer.high = reader.read<std::int8_t>();
    if (reader.failed()) return Error::Truncated;
    if (kind < 1 || kind > 4 || padding > 1 || layer.low > layer.high) return Error::Malformed;
    if (layer.kernel_height == 0 || layer.kernel_width == 0 || layer.stride == 0) {
        return Error::Malformed;
    }
    layer.kind = static_cast<LayerKind>(kind);
    layer.in = in;
    layer.in_zero = in_zero;
    if (layer.kind != LayerKind::Convolution && layer.out.channels != in.channels) {
        return Error::Malformed;
    }
    if (!has_weights(layer.kind) && layer.out_zero != in_zero) return Error::Malformed;

    const auto rows =
        span_of(in.height, layer.kernel_height, layer.stride, static_cast<Padding>(padding));
    const auto columns =
        span_of(in.width, layer.kernel_width, layer.stride, static_cast<Padding>(padding));
    if (!rows || !columns) return Error::Malformed;
    layer.out.height = rows->out;
    layer.out.width = columns->out;
    layer.pad_top = rows->pad_before;
    layer.pad_left = columns->pad_before;
    if (const Status status = check(layer.out); !status) return status.error();
    if (has_weights(layer.kind)) {
        if (const Status status = read_weights(reader, layer); !status) return status.error();
    }
    return layer;
}

}  // namespace

Result<Int8Net> Int8Net::parse(BytesView bytes) {
    ByteReader reader(bytes);
    std::array<std::uint8_t, 3> magic{};
    reader.copy_to(magic);
    const std::uint8_t version = reader.u8();
    TensorShape shape{reader.u16(), reader.u16(), reader.u16()};
    auto zero = reader.read<std::int8_t>();
    Int8Net net;
    net.output_step_q16_ = reader.u32();
    const std::uint8_t layers = reader.u8();
    if (reader.failed()) return Error::Truncated;
    if (magic != kMagic) return Error::Malformed;
    if (version != kVersion) return Error::Unsupported;
    if (layers == 0) return Error::Malformed;
    if (layers > kLayersMax) return Error::TooBig;
    if (const Status status = check(shape); !status) return status.error();

    for (std::uint8_t i = 0; i < layers; ++i) {
        const auto layer = read_layer(reader, shape, zero);
        if (!layer) return layer.error();
        shape = layer->out;
        zero = layer->out_zero;
        const std::size_t in = i == 0 ? 0 : layer->in.size();  // the first input is the caller's
        net.arena_bytes_ = std::max(net.arena_bytes_, in + layer->out.size());
        net.layers_.push(*layer);
    }
    if (const Status status = reader.finish(); !status) return status.error();
    return net;
}

std::uint64_t Int8Net::products() const {
    std::uint64_t sum = 0;
    for (const Int8Layer& layer : layers_) {
        if (!has_weights(layer.kind)) continue;
        const bool deep = layer.kind == LayerKind::Convolution;
        sum += std::uint64_t{layer.out.size()} * layer.kernel_height * layer.kernel_width *
               (deep ? layer.in.channels : 1U);
    }
    return sum;
}

std::span<const std::int8_t> Int8Net::run(std::span<const std::int8_t> input,
                                          std::span<std::int8_t> arena) const {
    COMPOT_CHECK(input.size() == input_shape().size());
    COMPOT_CHECK(arena.size() >= arena_bytes_);
    std::span<const std::int8_t> in = input;
    bool at_front = true;  // tensors take turns at the arena's two ends
    for (const Int8Layer& layer : layers_) {
        const std::size_t size = layer.out.size();
        const std::span<std::int8_t> out = at_front ? arena.first(size) : arena.last(size);
        apply(layer, in, out);
        in = out;
        at_front = !at_front;
    }
    return in;
}

}  // namespace compot::learn
