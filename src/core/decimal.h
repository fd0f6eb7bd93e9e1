// Decimal numbers of any size, exact: what quantities are made of.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace k8sc {

// digits * 10^exponent. The digits neither begin nor end with a zero; there are none where it is 0.
class Decimal {
  public:
    Decimal() = default;
    Decimal(bool negative, std::string digits, int64_t exponent);

    bool is_zero() const { return digits_.empty(); }
    bool is_negative() const { return negative_; }
    const std::string &digits() const { return digits_; }
    int64_t exponent() const { return exponent_; }
    // The power of ten above it: 10^magnitude is the lowest that is larger. For what is not 0.
    int64_t magnitude() const { return static_cast<int64_t>(digits_.size()) + exponent_; }

    // Without what is below 10^exponent, away from zero.
    Decimal rounded(int64_t exponent) const;
    // The digits as a whole number of 10^exponent, which must not be above its own.
    std::string in_units_of(int64_t exponent) const;

    Decimal operator-() const;
    // For operands whose exponents are not far apart.
    Decimal operator+(const Decimal &other) const;
    friend int compare(const Decimal &a, const Decimal &b);

  private:
    int compare_size(const Decimal &other) const;

    bool negative_ = false;
    std::string digits_;
    int64_t exponent_ = 0;
};

int compare(const Decimal &a, const Decimal &b);

}  // namespace k8sc
