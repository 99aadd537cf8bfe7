#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/learn/int8_net.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto net = compot::learn::Int8Net::parse({data, size});
    // Whatever was accepted must run; a net of many products only takes longer.
    if (!net.ok() || net->products() > 1'000'000) return 0;
    const std::vector<std::int8_t> input(net->input_shape().size(),
                                         static_cast<std::int8_t>(data[0]));
    std::vector<std::int8_t> arena(net->arena_bytes());
    static_cast<void>(net->run(input, arena));
    return 0;
}
