/* Fuzzes config_load(): a file of any bytes is a configuration or one line that says what is wrong. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <stdio.h>

#include "service/config/config.h"
#include "service/config/config_load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    struct fault fault;
    int fd = memfd_create("config", MFD_CLOEXEC);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    struct config *config = config_load(path, data != NULL && size % 2 == 0, &fault);
    if (config == NULL && (fault.text[0] == '\0' || memchr(fault.text, '\0', sizeof(fault.text)) == NULL))
        abort();
    config_unref(config);
    close(fd);
    return 0;
}
