/* A library of one function that is worth a guard: what compiler and linker make of it here, others have as well. */
#include <string.h>

int guarded(const char *text);

int guarded(const char *text)
{
    char buffer[64];
    strcpy(buffer, text);
    return buffer[strlen(buffer) / 2];
}
