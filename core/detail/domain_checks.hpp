#pragma once

#include <hyperego/core/hyperparameter.hpp>

#include <string>

namespace hyperego::detail {

// Whether a domain can be searched. @throws InvalidInput naming the member of `where` that is at fault.

void check_domain(const FloatDomain& domain, const std::string& where);
void check_domain(const IntegerDomain& domain, const std::string& where);
void check_domain(const QuantisedDomain& domain, const std::string& where);
void check_domain(const OrdinalDomain& domain, const std::string& where);
void check_domain(const CategoricalDomain& domain, const std::string& where);
void check_domain(const ConstantDomain& domain, const std::string& where);

/// Texts in quotation marks, anything else as it is written.
[[nodiscard]] std::string quoted(const Value& value);

}  // namespace hyperego::detail
