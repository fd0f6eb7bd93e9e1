#include "scan.h"

#include <string.h>

static const char *skip_blanks(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')) p++;
    return p;
}

/* `p` is at the opening quote; answers what follows the closing one. */
static const char *skip_string(const char *p, const char *end)
{
    const char *begin = ++p;
    while (p < end) {
        const char *quote = memchr(p, '"', (size_t)(end - p)), *before;
        if (!quote) return end;
        for (before = quote; before > begin && before[-1] == '\\';) before--;
        if ((quote - before) % 2 == 0) return quote + 1;
        p = quote + 1;
    }
    return end;
}

static const char *skip_container(const char *p, const char *end)
{
    size_t depth = 0;
    while (p < end) {
        char c = *p;
        if (c == '"') {
            p = skip_string(p, end);
            continue;
        }
        if (c == '{' || c == '[') depth++;
        if ((c == '}' || c == ']') && --depth == 0) return p + 1;
        p++;
    }
    return end;
}

static bool ends_scalar(char c)
{
    return c == ',' || c == '}' || c == ']' || c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

scan_text scan_value(const char *p, const char *end)
{
    scan_text value;
    p = value.begin = skip_blanks(p, end);
    if (p == end) {
        value.end = end;
    } else if (*p == '"') {
        value.end = skip_string(p, end);
    } else if (*p == '{' || *p == '[') {
        value.end = skip_container(p, end);
    } else {
        while (p < end && !ends_scalar(*p)) p++;
        value.end = p;
    }
    return value;
}

scan_walk scan_begin(scan_text text)
{
    scan_walk walk = {text.end, text.end, false};
    if (text.begin < text.end && (*text.begin == '{' || *text.begin == '[')) {
        walk.keys = *text.begin == '{';
        walk.at = skip_blanks(text.begin + 1, text.end);
    }
    return walk;
}

bool scan_next(scan_walk *walk, scan_text *key, scan_text *value)
{
    const char *p = walk->at, *end = walk->end;
    if (p >= end || *p == '}' || *p == ']') return false;
    if (walk->keys) {
        const char *after = *p == '"' ? skip_string(p, end) : end;
        key->begin = p + 1;
        key->end = after - 1;
        p = skip_blanks(after, end);
        if (p == end || *p != ':') return false;
        p++;
    }
    *value = scan_value(p, end);
    if (value->begin == value->end) return false;
    p = skip_blanks(value->end, end);
    if (p < end && *p == ',') p = skip_blanks(p + 1, end);
    walk->at = p;
    return true;
}

bool scan_has_escape(scan_text text)
{
    return text.begin < text.end && memchr(text.begin, '\\', (size_t)(text.end - text.begin)) != NULL;
}

static int hex(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* The four digits at `p`; -1 where there are not four. */
static int32_t unit(const char *p, const char *end)
{
    int32_t value = 0;
    int i;
    if (end - p < 4) return -1;
    for (i = 0; i < 4; i++) {
        int digit = hex(p[i]);
        if (digit < 0) return -1;
        value = value * 16 + digit;
    }
    return value;
}

static size_t write_utf8(uint32_t c, char *out)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

/* What follows "\u" at *p; a surrogate without its half becomes U+FFFD. */
static uint32_t code_point(const char **p, const char *end)
{
    int32_t high = unit(*p, end), low;
    if (high < 0) return 0xfffd;
    *p += 4;
    if (high < 0xd800 || high > 0xdfff) return (uint32_t)high;
    if (high > 0xdbff || end - *p < 6 || (*p)[0] != '\\' || (*p)[1] != 'u') return 0xfffd;
    low = unit(*p + 2, end);
    if (low < 0xdc00 || low > 0xdfff) return 0xfffd;
    *p += 6;
    return 0x10000 + ((uint32_t)(high - 0xd800) << 10) + (uint32_t)(low - 0xdc00);
}

size_t scan_unescape(scan_text text, char *out)
{
    const char *p = text.begin;
    char *begin = out;
    while (p < text.end) {
        if (*p != '\\' || p + 1 == text.end) {
            *out++ = *p++;
            continue;
        }
        p += 2;
        switch (p[-1]) {
        case 'b': *out++ = '\b'; break;
        case 'f': *out++ = '\f'; break;
        case 'n': *out++ = '\n'; break;
        case 'r': *out++ = '\r'; break;
        case 't': *out++ = '\t'; break;
        case 'u': {
            /* Six characters, or twelve, become at most four bytes; two that are broken become three. */
            uint32_t c = code_point(&p, text.end);
            if (p - text.begin >= (out - begin) + 3) out += write_utf8(c, out);
            break;
        }
        default: *out++ = p[-1]; break;
        }
    }
    return (size_t)(out - begin);
}

bool scan_integer(scan_text text, int64_t *value)
{
    const char *p = text.begin;
    bool negative = p < text.end && *p == '-';
    uint64_t limit = negative ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX, total = 0;
    if (negative) p++;
    if (p == text.end) return false;
    for (; p < text.end; p++) {
        uint64_t digit = (uint64_t)(*p - '0');
        if (*p < '0' || *p > '9') return false;
        if (total > (limit - digit) / 10) return false;
        total = total * 10 + digit;
    }
    *value = negative ? (int64_t)(~total + 1) : (int64_t)total;
    return true;
}
