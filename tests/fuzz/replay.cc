// Runs a fuzz target on the files that are given as arguments: the seeds, or an input that a fuzzer found.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

#include "target.h"

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        std::ifstream file(argv[i], std::ios::binary);
        if (!file) {
            fprintf(stderr, "%s: cannot be read\n", argv[i]);
            return 1;
        }
        std::vector<char> bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
        // In a block of just this size, so that a sanitizer sees a step beyond it.
        std::unique_ptr<uint8_t[]> exact(new uint8_t[bytes.size()]);
        std::copy(bytes.begin(), bytes.end(), exact.get());
        LLVMFuzzerTestOneInput(exact.get(), bytes.size());
    }
    printf("%d inputs\n", argc - 1);
    return argc > 1 ? 0 : 1;
}
