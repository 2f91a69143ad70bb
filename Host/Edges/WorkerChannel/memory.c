// Memory of two processes, and the library that travels to the second.
#define _GNU_SOURCE
#include "memory.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SHARED_BYTES = WORKER_HEAD_BYTES + 2 * WORKER_RING_BYTES };

/* Out of the way of the numbers that the child's get. */
static int moved_up(int descriptor)
{
    if (descriptor < 0) return -1;
    int moved = fcntl(descriptor, F_DUPFD_CLOEXEC, 16);
    int error = errno;
    close(descriptor);
    errno = error;
    return moved;
}

static int refused(int descriptor)
{
    int error = errno;
    close(descriptor);
    errno = error;
    return -1;
}

/* Sealed against shrinking: a child that cut the memory off would end the host with SIGBUS. */
int worker_memory_new(void)
{
    int fd = moved_up(memfd_create("keel-worker", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (fd < 0) return -1;
    int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
    if (ftruncate(fd, SHARED_BYTES) != 0 || fcntl(fd, F_ADD_SEALS, seals) != 0) return refused(fd);
    return fd;
}

int worker_library_new(const void *bytes, size_t size)
{
    int fd = moved_up(memfd_create("keel-plugin", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (fd < 0) return -1;
    for (size_t done = 0; done < size;) {
        ssize_t n = write(fd, (const uint8_t *)bytes + done, size - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return refused(fd);
        done += (size_t)n;
    }
    int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
    return fcntl(fd, F_ADD_SEALS, seals) == 0 ? fd : refused(fd);
}

static bool map(int fd, uint8_t *where, size_t bytes, off_t offset)
{
    return mmap(where, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, offset) == where;
}

bool worker_memory_map(int fd, worker_mapping *out)
{
    const size_t ring = WORKER_RING_BYTES, all = WORKER_HEAD_BYTES + 4 * ring;
    struct stat status;
    if (fstat(fd, &status) != 0 || status.st_size != SHARED_BYTES) return false;
    uint8_t *base = mmap(NULL, all, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED) return false;
    out->head = (worker_memory *)base;
    out->down = base + WORKER_HEAD_BYTES;
    out->up = out->down + 2 * ring;
    if (map(fd, base, WORKER_HEAD_BYTES, 0)
        && map(fd, out->down, ring, WORKER_HEAD_BYTES)
        && map(fd, out->down + ring, ring, WORKER_HEAD_BYTES)
        && map(fd, out->up, ring, WORKER_HEAD_BYTES + (off_t)ring)
        && map(fd, out->up + ring, ring, WORKER_HEAD_BYTES + (off_t)ring))
        return true;
    munmap(base, all);
    return false;
}

void worker_memory_unmap(worker_mapping *mapping)
{
    munmap(mapping->head, WORKER_HEAD_BYTES + 4 * (size_t)WORKER_RING_BYTES);
}
