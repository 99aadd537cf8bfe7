#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "core/base/containers.hpp"
#include "core/base/result.hpp"

/// Reads and writes little-endian integers and byte strings in a bounded buffer. Neither throws nor
/// reads past the end: the first failure sticks, and status() tells of it once at the end.

namespace compot {

class ByteReader {
public:
    explicit ByteReader(BytesView bytes) : rest_(bytes) {}

    template <std::unsigned_integral T>
    [[nodiscard]] T read() {
        T value = 0;
        const BytesView taken = take(sizeof(T));
        for (std::size_t i = 0; i < taken.size(); ++i) {
            value = static_cast<T>(value | static_cast<T>(static_cast<T>(taken[i]) << (8 * i)));
        }
        return value;
    }

    template <std::signed_integral T>
    [[nodiscard]] T read() {
        return static_cast<T>(read<std::make_unsigned_t<T>>());
    }

    [[nodiscard]] std::uint8_t u8() { return read<std::uint8_t>(); }

    [[nodiscard]] std::uint16_t u16() { return read<std::uint16_t>(); }

    [[nodiscard]] std::uint32_t u32() { return read<std::uint32_t>(); }

    [[nodiscard]] std::uint64_t u64() { return read<std::uint64_t>(); }

    /// The next `size` bytes, or an empty view and a sticky Truncated.
    [[nodiscard]] BytesView take(std::size_t size) {
        if (size > rest_.size()) {
            failed_ = true;
            rest_ = {};
            return {};
        }
        const BytesView taken = rest_.first(size);
        rest_ = rest_.subspan(size);
        return taken;
    }

    /// Fills `out`, or leaves it as it was and fails.
    void copy_to(MutableBytes out) {
        const BytesView taken = take(out.size());
        if (!taken.empty()) std::memcpy(out.data(), taken.data(), taken.size());
    }

    [[nodiscard]] BytesView rest() const { return rest_; }

    [[nodiscard]] bool failed() const { return failed_; }

    /// Truncated if anything was missing, Malformed if bytes are left over.
    [[nodiscard]] Status finish() const {
        if (failed_) return Error::Truncated;
        if (!rest_.empty()) return Error::Malformed;
        return {};
    }

private:
    BytesView rest_;
    bool failed_ = false;
};

class ByteWriter {
public:
    explicit ByteWriter(MutableBytes out) : out_(out) {}

    template <std::unsigned_integral T>
    void write(T value) {
        for (std::size_t i = 0; i < sizeof(T); ++i)
            put(static_cast<std::uint8_t>(value >> (8 * i)));
    }

    template <std::signed_integral T>
    void write(T value) {
        write(static_cast<std::make_unsigned_t<T>>(value));
    }

    void u8(std::uint8_t value) { write(value); }

    void u16(std::uint16_t value) { write(value); }

    void u32(std::uint32_t value) { write(value); }

    void u64(std::uint64_t value) { write(value); }

    void bytes(BytesView bytes) {
        for (const std::uint8_t byte : bytes) put(byte);
    }

    [[nodiscard]] std::size_t size() const { return size_; }

    [[nodiscard]] bool failed() const { return failed_; }

    /// The bytes so far, or TooBig if something did not fit.
    [[nodiscard]] Result<BytesView> finish() const {
        if (failed_) return Error::TooBig;
        return BytesView{out_.data(), size_};
    }

private:
    void put(std::uint8_t byte) {
        if (size_ == out_.size()) {
            failed_ = true;
            return;
        }
        out_[size_++] = byte;
    }

    MutableBytes out_;
    std::size_t size_ = 0;
    bool failed_ = false;
};

}  // namespace compot
