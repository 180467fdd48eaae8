/* Preloaded into a process, lets the n-th write or flush to files below a folder fail, whoever
 * does it: SQLite, tantivy, faiss or Python. Idle until `wenju_fail_writes` is called.
 *
 * A failing write may be torn: half of its bytes reach the file, and the caller is told an error.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char root[PATH_MAX];
static atomic_long seen;
static long first;
static int error_number, is_torn, stays_broken;

/* first_write 0: none fails. stays: all that come after it fail as well. */
void wenju_fail_writes(const char *folder, long first_write, int error, int torn, int stays) {
    strncpy(root, folder, sizeof root - 1);
    atomic_store(&seen, 0);
    first = first_write;
    error_number = error;
    is_torn = torn;
    stays_broken = stays;
}

static int fails(int handle) {
    char link[64], path[PATH_MAX];
    if (!first) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    if (strncmp(path, root, strlen(root))) return 0;
    long count = atomic_fetch_add(&seen, 1) + 1;
    if (count == first || (stays_broken && count > first)) {
        errno = error_number;
        return 1;
    }
    return 0;
}

#define REAL(name) __typeof__(name) *real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)
#define FAIL(torn_write)                        \
    do {                                        \
        if (is_torn && count > 1) (void)!torn_write; \
        errno = error_number;                   \
        return -1;                              \
    } while (0)

ssize_t write(int handle, const void *data, size_t count) {
    REAL(write);
    if (fails(handle)) FAIL(real(handle, data, count / 2));
    return real(handle, data, count);
}

ssize_t pwrite(int handle, const void *data, size_t count, off_t at) {
    REAL(pwrite);
    if (fails(handle)) FAIL(real(handle, data, count / 2, at));
    return real(handle, data, count, at);
}

ssize_t pwrite64(int handle, const void *data, size_t count, off64_t at) {
    REAL(pwrite64);
    if (fails(handle)) FAIL(real(handle, data, count / 2, at));
    return real(handle, data, count, at);
}

ssize_t writev(int handle, const struct iovec *parts, int count) {
    REAL(writev);
    if (fails(handle)) FAIL(real(handle, parts, count / 2));
    return real(handle, parts, count);
}

int fsync(int handle) {
    REAL(fsync);
    return fails(handle) ? -1 : real(handle);
}

int fdatasync(int handle) {
    REAL(fdatasync);
    return fails(handle) ? -1 : real(handle);
}
