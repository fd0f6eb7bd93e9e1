#include "core/decimal.h"

#include <algorithm>

namespace k8sc {
namespace {

// Both have the same length.
std::string sum(const std::string &a, const std::string &b)
{
    std::string digits(a.size() + 1, '0');
    int carry = 0;
    for (size_t i = a.size(); i-- > 0;) {
        int digit = (a[i] - '0') + (b[i] - '0') + carry;
        digits[i + 1] = static_cast<char>('0' + digit % 10);
        carry = digit / 10;
    }
    digits[0] = static_cast<char>('0' + carry);
    return digits;
}

// The same, and `a` is not below `b`.
std::string difference(const std::string &a, const std::string &b)
{
    std::string digits(a.size(), '0');
    int borrow = 0;
    for (size_t i = a.size(); i-- > 0;) {
        int digit = a[i] - b[i] - borrow;
        borrow = digit < 0;
        digits[i] = static_cast<char>('0' + digit + 10 * borrow);
    }
    return digits;
}

}  // namespace

Decimal::Decimal(bool negative, std::string digits, int64_t exponent)
    : negative_(negative), digits_(std::move(digits)), exponent_(exponent)
{
    size_t last = digits_.find_last_not_of('0');
    if (last == std::string::npos) {
        *this = Decimal();
        return;
    }
    exponent_ += static_cast<int64_t>(digits_.size() - last - 1);
    digits_.resize(last + 1);
    digits_.erase(0, digits_.find_first_not_of('0'));
}

Decimal Decimal::rounded(int64_t exponent) const
{
    if (exponent <= exponent_) return *this;
    // Something is cut off, for the last digit is none that is 0.
    const int64_t cut = exponent - exponent_;
    std::string left =
        cut < static_cast<int64_t>(digits_.size()) ? digits_.substr(0, digits_.size() - static_cast<size_t>(cut)) : "0";
    const Decimal more(false, "1", exponent);
    const Decimal size = is_zero() ? *this : Decimal(false, std::move(left), exponent) + more;
    return negative_ ? -size : size;
}

std::string Decimal::in_units_of(int64_t exponent) const
{
    return is_zero() ? "0" : digits_ + std::string(static_cast<size_t>(exponent_ - exponent), '0');
}

Decimal Decimal::operator-() const
{
    Decimal other = *this;
    other.negative_ = !negative_ && !is_zero();
    return other;
}

Decimal Decimal::operator+(const Decimal &other) const
{
    if (is_zero()) return other;
    if (other.is_zero()) return *this;
    const int64_t unit = std::min(exponent_, other.exponent_);
    std::string a = in_units_of(unit), b = other.in_units_of(unit);
    const size_t size = std::max(a.size(), b.size());
    a.insert(0, size - a.size(), '0');
    b.insert(0, size - b.size(), '0');
    if (negative_ == other.negative_) return Decimal(negative_, sum(a, b), unit);
    return a < b ? Decimal(other.negative_, difference(b, a), unit) : Decimal(negative_, difference(a, b), unit);
}

int Decimal::compare_size(const Decimal &other) const
{
    if (is_zero() || other.is_zero()) return int(!is_zero()) - int(!other.is_zero());
    if (magnitude() != other.magnitude()) return magnitude() < other.magnitude() ? -1 : 1;
    // From the first digit on, which stands for the same in both; one that goes on is larger.
    const int order = digits_.compare(other.digits_);
    return (order > 0) - (order < 0);
}

int compare(const Decimal &a, const Decimal &b)
{
    if (a.negative_ != b.negative_) return a.negative_ ? -1 : 1;
    const int order = a.compare_size(b);
    return a.negative_ ? -order : order;
}

}  // namespace k8sc
