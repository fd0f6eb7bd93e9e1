// Kubernetes' quantities: "100m", "1.5Gi", "12e6".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/decimal.h"

namespace k8sc {

// Exact down to 10^-9 and up to 10^1000. Below that it is rounded away from zero, above it is 10^1000; with a binary
// suffix it is 2^63-1 where it would be more, as Kubernetes has it.
class Quantity {
  public:
    // How it was written, and is written.
    enum class Form { decimal, binary, exponent };

    // Fails with K8SC_E_PARSE.
    static Quantity parse(std::string_view text);
    // As the text a server would make of it.
    std::string text() const;
    // In units of 10^-`places`, rounded away from zero; `places` is 0 to 9. What is beyond 64 bits is the largest there
    // is.
    int64_t scaled(int places) const;
    double number() const;

    // With the form of the left one, unless that is 0.
    Quantity operator+(const Quantity &other) const;
    Quantity operator-() const { return Quantity(-number_, form_); }
    // By value alone.
    friend int compare(const Quantity &a, const Quantity &b) { return compare(a.number_, b.number_); }

  private:
    Quantity(Decimal number, Form form);

    Decimal number_;
    Form form_;
};

int compare(const Quantity &a, const Quantity &b);

}  // namespace k8sc
