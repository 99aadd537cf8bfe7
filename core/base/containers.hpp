#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>

#include "core/base/check.hpp"

/// Containers with a capacity instead of a heap. Each says what it does when it is full.

namespace compot {

using BytesView = std::span<const std::uint8_t>;
using MutableBytes = std::span<std::uint8_t>;

/// A vector of at most `Capacity` elements. When full, try_push() returns false and changes
/// nothing.
template <typename T, std::size_t Capacity>
class FixedVector {
public:
    FixedVector() = default;

    FixedVector(std::initializer_list<T> items) {
        for (const T& item : items) push(item);
    }

    [[nodiscard]] std::size_t size() const { return size_; }

    [[nodiscard]] bool empty() const { return size_ == 0; }

    [[nodiscard]] bool full() const { return size_ == Capacity; }

    static constexpr std::size_t capacity() { return Capacity; }

    [[nodiscard]] bool try_push(const T& item) {
        if (full()) return false;
        items_[size_++] = item;
        return true;
    }

    /// REQUIRES: not full.
    void push(const T& item) {
        COMPOT_CHECK(!full());
        items_[size_++] = item;
    }

    /// Keeps the order. REQUIRES: index < size().
    void erase(std::size_t index) {
        COMPOT_CHECK(index < size_);
        std::move(begin() + static_cast<std::ptrdiff_t>(index) + 1, end(),
                  begin() + static_cast<std::ptrdiff_t>(index));
        --size_;
    }

    void clear() { size_ = 0; }

    /// New elements are value-initialised. REQUIRES: size <= capacity.
    void resize(std::size_t size) {
        COMPOT_CHECK(size <= Capacity);
        for (std::size_t i = size_; i < size; ++i) items_[i] = T{};
        size_ = size;
    }

    [[nodiscard]] T& operator[](std::size_t index) {
        COMPOT_CHECK(index < size_);
        return items_[index];
    }

    [[nodiscard]] const T& operator[](std::size_t index) const {
        COMPOT_CHECK(index < size_);
        return items_[index];
    }

    [[nodiscard]] T& back() { return (*this)[size_ - 1]; }

    [[nodiscard]] const T& back() const { return (*this)[size_ - 1]; }

    [[nodiscard]] T* data() { return items_.data(); }

    [[nodiscard]] const T* data() const { return items_.data(); }

    [[nodiscard]] T* begin() { return items_.data(); }

    [[nodiscard]] T* end() { return items_.data() + size_; }

    [[nodiscard]] const T* begin() const { return items_.data(); }

    [[nodiscard]] const T* end() const { return items_.data() + size_; }

    [[nodiscard]] bool operator==(const FixedVector& other) const {
        return std::equal(begin(), end(), other.begin(), other.end());
    }

private:
    std::array<T, Capacity> items_{};
    std::size_t size_ = 0;
};

/// A byte string of at most `Capacity` bytes.
template <std::size_t Capacity>
class Bytes : public FixedVector<std::uint8_t, Capacity> {
public:
    using FixedVector<std::uint8_t, Capacity>::FixedVector;

    /// False, and nothing changed, if `bytes` does not fit.
    [[nodiscard]] bool assign(BytesView bytes) {
        if (bytes.size() > Capacity) return false;
        this->resize(bytes.size());
        std::copy(bytes.begin(), bytes.end(), this->begin());
        return true;
    }

    [[nodiscard]] BytesView view() const { return BytesView{this->data(), this->size()}; }
};

/// A first-in first-out of at most `Capacity` elements that forgets the oldest when full.
template <typename T, std::size_t Capacity>
class Ring {
public:
    [[nodiscard]] std::size_t size() const { return size_; }

    [[nodiscard]] bool empty() const { return size_ == 0; }

    /// True when an old element had to go.
    bool push(const T& item) {
        const bool dropped = size_ == Capacity;
        if (dropped) pop();
        items_[(first_ + size_) % Capacity] = item;
        ++size_;
        return dropped;
    }

    /// REQUIRES: not empty.
    void pop() {
        COMPOT_CHECK(size_ > 0);
        first_ = (first_ + 1) % Capacity;
        --size_;
    }

    void clear() {
        first_ = 0;
        size_ = 0;
    }

    /// 0 is the oldest. REQUIRES: index < size().
    [[nodiscard]] const T& operator[](std::size_t index) const {
        COMPOT_CHECK(index < size_);
        return items_[(first_ + index) % Capacity];
    }

    [[nodiscard]] T& operator[](std::size_t index) {
        COMPOT_CHECK(index < size_);
        return items_[(first_ + index) % Capacity];
    }

private:
    std::array<T, Capacity> items_{};
    std::size_t first_ = 0;
    std::size_t size_ = 0;
};

}  // namespace compot
