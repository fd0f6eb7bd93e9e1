#include "testing/http/gzip.h"

#include <new>

#include <zlib.h>

namespace k8sc::testing {

namespace {

constexpr size_t smallest_compressed = 128 * 1024;

class GzipBody final : public Body {
  public:
    // `first` comes before what `rest` has.
    GzipBody(std::string first, std::unique_ptr<Body> rest) : first_(std::move(first)), rest_(std::move(rest))
    {
        // With gzip's frame, and as fast and as little as kube-apiserver.
        if (deflateInit2(&stream_, 1, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
            throw std::bad_alloc();
    }
    ~GzipBody() override { deflateEnd(&stream_); }

    Step next(std::string &piece, Connection &connection) override
    {
        std::string plain = std::move(first_);
        first_.clear();
        const Step step = plain.empty() ? rest_->next(plain, connection) : Step::more;
        stream_.next_in = reinterpret_cast<Bytef *>(plain.data());
        stream_.avail_in = static_cast<uInt>(plain.size());
        char buffer[32768];
        do {
            stream_.next_out = reinterpret_cast<Bytef *>(buffer);
            stream_.avail_out = sizeof buffer;
            deflate(&stream_, step == Step::end ? Z_FINISH : Z_NO_FLUSH);
            piece.append(buffer, sizeof buffer - stream_.avail_out);
        } while (stream_.avail_out == 0);
        return step;
    }

  private:
    std::string first_;
    std::unique_ptr<Body> rest_;
    z_stream stream_ = {};
};

}  // namespace

Reply compressed(const Request &request, Connection &connection, Reply reply)
{
    const bool wanted = request.header("Accept-Encoding").find("gzip") != std::string_view::npos;
    if (!wanted || (request.verb != "list" && request.verb != "get")) return reply;
    if (!reply.body) reply.body = std::make_unique<TextBody>(std::move(reply.text));
    std::string beginning;
    Body::Step step = Body::Step::more;
    while (step == Body::Step::more && beginning.size() <= smallest_compressed) {
        std::string piece;
        step = reply.body->next(piece, connection);
        beginning += piece;
    }
    if (step == Body::Step::end) reply.body = std::make_unique<TextBody>("");
    if (beginning.size() <= smallest_compressed) {
        reply.text = std::move(beginning);
        reply.body.reset();
        return reply;
    }
    reply.headers.emplace_back("Content-Encoding", "gzip");
    reply.headers.emplace_back("Vary", "Accept-Encoding");
    reply.body = std::make_unique<GzipBody>(std::move(beginning), std::move(reply.body));
    return reply;
}

}  // namespace k8sc::testing
