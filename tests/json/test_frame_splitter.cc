// Watch frames that arrive in pieces.
#include "json/decode.h"

#include "split.h"

namespace {

void frames_of_any_pieces(void **)
{
    const std::vector<std::string> frames = {
        R"({"type":"ADDED","object":{"a":"}{\"\\"}})",
        R"({"type":"BOOKMARK","object":{}})",
        "{}",
        R"({"object":[[{}]],"a":"\\\"}"})",
        "{\"\xf0\x9f\x98\x80\":\"\\\\\"}",
    };
    for (auto gap : {"\n", "", "\r\n", " \t\n\n "}) {
        std::string stream = gap;
        for (auto &frame : frames) stream += frame + gap;
        for (size_t piece = 1; piece <= most_pieces; piece++) {
            Split out = split<FrameSplitter>(stream, piece);
            if (out.code != K8SC_OK) fail_msg("pieces of %zu: %s", piece, out.message.c_str());
            assert_int_equal(out.objects.size(), frames.size());
            for (size_t i = 0; i < frames.size(); i++) assert_text(out.objects[i], frames[i]);
        }
    }
}

// A frame is handed on when its last byte is there, not when the next one begins.
void at_once(void **)
{
    size_t seen = 0;
    FrameSplitter splitter(1000, [&](std::string_view) { seen++; });
    splitter.feed("{\"a\":{}", 7);
    assert_int_equal(seen, 0);
    splitter.feed("}", 1);
    assert_int_equal(seen, 1);
    splitter.feed("\n", 1);
    splitter.finish();
    assert_int_equal(seen, 1);
}

void nothing_is_an_end(void **)
{
    assert_int_equal(split<FrameSplitter>("", 1).code, K8SC_OK);
    assert_int_equal(split<FrameSplitter>(" \n ", 1).code, K8SC_OK);
}

void garbage_between_frames_is_refused(void **)
{
    for (auto text :
         {"x", "{}x", "{} 7", "{}\"x\"", "{},{}", "[{}]", "[", "]", "}", "{}}", "null", "<html>", ":", "\"", "{}[]"})
        for (size_t piece = 1; piece <= most_pieces; piece++) {
            Split out = split<FrameSplitter>(text, piece);
            if (out.code != K8SC_E_DECODE) fail_msg("pieces of %zu: %s accepted", piece, text);
            assert_true(out.objects.size() <= 1);
        }
}

void cut_frames(void **)
{
    constexpr auto frame = R"({"a":"\\\"","b":[{}]})"sv;
    for (size_t n = 1; n < frame.size(); n++) {
        Split out = split<FrameSplitter>(frame.substr(0, n), 3);
        assert_int_equal(out.code, K8SC_E_DECODE);
        assert_says(out.message, "ended within");
    }
}

void too_large_with_its_size(void **)
{
    std::string large = "{\"a\":\"" + repeated("x", 992) + "\"}";
    for (size_t piece = 1; piece <= most_pieces; piece++) {
        assert_int_equal(split<FrameSplitter>("{}\n" + large + "\n", piece, 1000).objects.size(), 2);
        Split out = split<FrameSplitter>("{}\n" + large + "\n", piece, 999);
        assert_int_equal(out.code, K8SC_E_TOO_LARGE);
        assert_says(out.message, "object of 1000 bytes is above the limit of 999 bytes");
        assert_int_equal(out.objects.size(), 1);
    }
}

// How deep an object may be is for whoever decodes it to say.
void a_deep_frame_is_left_to_the_decoder(void **)
{
    std::string frame =
        R"({"type":"ADDED","object":)" + repeated("{\"a\":", 100000) + "1" + repeated("}", 100000) + "}";
    assert_int_equal(split<FrameSplitter>(frame, 64).objects.size(), 1);
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(frames_of_any_pieces),
        cmocka_unit_test(at_once),
        cmocka_unit_test(nothing_is_an_end),
        cmocka_unit_test(garbage_between_frames_is_refused),
        cmocka_unit_test(cut_frames),
        cmocka_unit_test(too_large_with_its_size),
        cmocka_unit_test(a_deep_frame_is_left_to_the_decoder),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
