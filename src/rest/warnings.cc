#include "rest/warnings.h"

#include "rest/encoded_words.h"
#include "json/write.h"

namespace k8sc {
namespace {

// RFC 7234, 5.5: code SP agent SP "text" [SP "date"], several of these separated by commas.
class WarningReader {
  public:
    explicit WarningReader(std::string_view text) : rest_(text) {}

    // False at the end, and where what follows cannot be read.
    bool next(std::string_view &code, std::string &text)
    {
        skip(" \t,");
        code = word();
        skip(" \t");
        std::string_view agent = word();
        skip(" \t");
        if (code.size() != 3 || agent.empty() || !quoted_text(text)) return false;
        skip(" \t");
        std::string date;
        if (!rest_.empty() && rest_.front() == '"' && !quoted_text(date)) return false;
        skip(" \t");
        return rest_.empty() || rest_.front() == ',';
    }

  private:
    void skip(std::string_view characters)
    {
        auto at = rest_.find_first_not_of(characters);
        rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at);
    }
    std::string_view word()
    {
        std::string_view found = rest_.substr(0, rest_.find_first_of(" \t,\""));
        rest_.remove_prefix(found.size());
        return found;
    }
    bool quoted_text(std::string &text)
    {
        text.clear();
        if (rest_.empty() || rest_.front() != '"') return false;
        for (size_t i = 1; i < rest_.size(); i++) {
            if (rest_[i] == '"') {
                rest_.remove_prefix(i + 1);
                return true;
            }
            if (rest_[i] == '\\' && ++i == rest_.size()) return false;
            text += rest_[i];
        }
        return false;
    }

    std::string_view rest_;
};

}  // namespace

std::vector<std::string> warnings_of(const HttpHead &head)
{
    std::vector<std::string> found;
    for (auto &[name, value] : head.headers) {
        if (name != "warning") continue;
        WarningReader reader(value);
        std::string_view code;
        std::string text;
        while (reader.next(code, text)) {
            text = decode_words(text);
            bool utf8 = is_utf8(text);
            for (char &c : text)
                if (static_cast<unsigned char>(c) < ' ' || c == 0x7f || (!utf8 && c < 0)) c = c == '\t' ? ' ' : '?';
            if (code == "299" && !text.empty()) found.push_back(text);
        }
    }
    return found;
}

}  // namespace k8sc
