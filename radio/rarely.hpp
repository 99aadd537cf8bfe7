#pragma once

#include <memory>
#include <optional>
#include <utility>

/// An optional for what few have: eight bytes while it is empty, and a place of its own when it is
/// not. Copies as values do.

namespace compot::radio {

template <typename T>
class Rarely {
public:
    Rarely() = default;

    Rarely(std::nullopt_t) {}

    Rarely(T value) : value_(std::make_unique<T>(std::move(value))) {}

    Rarely(const Rarely& other)
        : value_(other.has_value() ? std::make_unique<T>(*other) : nullptr) {}

    Rarely(Rarely&&) noexcept = default;

    Rarely& operator=(Rarely other) noexcept {
        value_ = std::move(other.value_);
        return *this;
    }

    ~Rarely() = default;

    [[nodiscard]] bool has_value() const { return value_ != nullptr; }

    /// REQUIRES: it has a value, here and below.
    [[nodiscard]] T& operator*() { return *value_; }

    [[nodiscard]] const T& operator*() const { return *value_; }

    [[nodiscard]] T* operator->() { return value_.get(); }

    [[nodiscard]] const T* operator->() const { return value_.get(); }

private:
    std::unique_ptr<T> value_;
};

}  // namespace compot::radio
