// What may be told of texts that others wrote, and in which secrets have been seen.
#pragma once

#include <string>
#include <string_view>

namespace k8sc {

// What stands in a secret's place.
constexpr std::string_view secret_stand_in = "***";

// True for the name of a flag, a variable, a header or a field that speaks of a secret: "--client-secret",
// "AWS_ACCESS_KEY_ID".
bool sounds_secret(std::string_view name);

// What a program said to people, without all words that might be secrets: those behind a name that sounds secret,
// behind "Bearer" and "Basic", user and password in a URL, and whatever does not look like a word or a short number.
// Too much goes rather than too little.
std::string redacted_prose(std::string_view text);

// One argument of a command line: values behind names that sound secret, headers of authorization, user and password in
// a URL with what follows "?", and long random texts become `stand_in`.
std::string redacted_argument(std::string_view argument, std::string_view stand_in);

// A URL without user, password, query and fragment.
std::string redacted_url(std::string_view url, std::string_view stand_in);

}  // namespace k8sc
