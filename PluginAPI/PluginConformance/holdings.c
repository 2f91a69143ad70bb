// What this process holds: memory, threads, descriptors, time spent.
#define _GNU_SOURCE
#include "rig.h"

#include <dirent.h>
#include <malloc.h>
#include <time.h>
#include <unistd.h>

uint32_t count_entries(const char *folder)
{
    uint32_t count = 0;
    DIR *directory = opendir(folder);
    if (!directory) return 0;
    for (struct dirent *e; (e = readdir(directory));) count += e->d_name[0] != '.';
    closedir(directory);
    return count;
}

size_t heap_bytes(void)
{
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

static size_t pages(int wanted)
{
    unsigned long all = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file) return 0;
    if (fscanf(file, "%lu %lu", &all, &resident) != 2) all = resident = 0;
    fclose(file);
    return (wanted ? resident : all) * (size_t)sysconf(_SC_PAGESIZE);
}

size_t mapped_bytes(void) { return pages(0); }
size_t resident_bytes(void) { return pages(1); }

static uint64_t read_clock(clockid_t which)
{
    struct timespec now;
    clock_gettime(which, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}
uint64_t clock_ns(void) { return read_clock(CLOCK_MONOTONIC); }
uint64_t cpu_ns(void) { return read_clock(CLOCK_THREAD_CPUTIME_ID); }
