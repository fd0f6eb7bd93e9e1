#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "testing/schema/structural.h"

namespace k8sc::testing {

namespace {

// What Perl has and Go has not, because it cannot be matched in linear time.
std::string foreign_syntax(std::string_view expression)
{
    for (size_t i = 0; i < expression.size(); ++i) {
        if (expression[i] == '\\') {
            ++i;
            continue;
        }
        for (const std::string_view start : {"(?=", "(?!", "(?<=", "(?<!", "(?>", "(?#", "(?|"})
            if (expression.substr(i).starts_with(start)) return std::string(start);
    }
    return "";
}

}  // namespace

void Pattern::Free::operator()(void *code) const { pcre2_code_free(static_cast<pcre2_code *>(code)); }

Pattern::Pattern(const std::string &expression, std::string &why)
{
    if (const std::string foreign = foreign_syntax(expression); !foreign.empty()) {
        why = "error parsing regexp: invalid or unsupported Perl syntax: `" + foreign + "`";
        return;
    }
    int code = 0;
    PCRE2_SIZE at = 0;
    code_.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(expression.data()), expression.size(),
                              PCRE2_UTF | PCRE2_DOLLAR_ENDONLY, &code, &at, nullptr));
    if (code_) return;
    char text[120] = "";
    pcre2_get_error_message(code, reinterpret_cast<PCRE2_UCHAR *>(text), sizeof text);
    why = std::string("error parsing regexp: ") + text;
}

bool Pattern::matches(std::string_view text) const
{
    const auto *code = static_cast<const pcre2_code *>(code_.get());
    if (!code) return false;
    const std::unique_ptr<pcre2_match_data, void (*)(pcre2_match_data *)> data(
        pcre2_match_data_create_from_pattern(code, nullptr), pcre2_match_data_free);
    const std::unique_ptr<pcre2_match_context, void (*)(pcre2_match_context *)> context(
        pcre2_match_context_create(nullptr), pcre2_match_context_free);
    if (!data || !context) throw std::bad_alloc();
    // What Go would match in linear time may take Perl's way exponential time.
    pcre2_set_match_limit(context.get(), 1000000);
    pcre2_set_heap_limit(context.get(), 20000);  // KiB
    const int found =
        pcre2_match(code, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0, 0, data.get(), context.get());
    if (found < 0 && found != PCRE2_ERROR_NOMATCH)
        throw internal("a pattern of the schema takes too long to match a text of " + std::to_string(text.size()) +
                       " bytes");
    return found >= 0;
}

}  // namespace k8sc::testing
