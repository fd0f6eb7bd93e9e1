// Encoded words of RFC 2047, as older HTTP has them in headers: =?utf-8?q?caf=C3=A9?=.
#pragma once

#include <string>
#include <string_view>

namespace k8sc {

// The text with its encoded words decoded, from UTF-8, ISO 8859-1 and US-ASCII, as Go's mime.WordDecoder does it; as it
// is where one of them is in another character set. What only looks like one stays.
std::string decode_words(std::string_view text);

}  // namespace k8sc
