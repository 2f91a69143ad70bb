// Counts a library's own calls into libc, by putting a stub between its jump slots and the
// functions
// behind them: nothing else in the process is touched, and the library runs the code it would run.
#define _GNU_SOURCE
#include "rig.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const struct { enum watched what; const char *names; } watched_names[] = {
    {WATCH_MEMORY, " malloc calloc realloc free aligned_alloc posix_memalign memalign strdup "
          "strndup"
                   " reallocarray mmap munmap mremap brk sbrk "},
    {WATCH_WAIT, " pthread_mutex_lock pthread_cond_wait pthread_cond_timedwait "
          "pthread_rwlock_rdlock"
                 " pthread_rwlock_wrlock pthread_join sem_wait sleep usleep nanosleep"
                 " clock_nanosleep poll select epoll_wait sched_yield "},
    {WATCH_CLOCK, " time clock clock_gettime gettimeofday rand random rand_r lrand48 drand48"
                  " getrandom getentropy "},
    {WATCH_WORLD, " open openat fopen fclose close read write fread fwrite fputs puts putchar "
          "printf"
                  " fprintf vprintf vfprintf __printf_chk __fprintf_chk fflush socket connect send"
                  " recv fork vfork system execve posix_spawn pthread_create getenv syscall "},
};

enum { STUBS_MAX = 64, STUB_BYTES = 16 };
static struct { enum watched what; const char *name; } stubs[STUBS_MAX];
static uint32_t stubs_count;

#if defined(__x86_64__)
static uint8_t *code;

/* Behind the code: a counter and the function to jump to, of each. */
static uint64_t *counter(uint32_t index)
{
    return (uint64_t *)(void *)(code + STUBS_MAX * STUB_BYTES) + (size_t)index * 2;
}

/* lock inc [counter]; jmp [target]: every argument stays where it is. */
static void *make_stub(uint32_t index, void *target)
{
    uint8_t *at = code + (size_t)index * STUB_BYTES;
    void **data = (void **)(void *)counter(index);
    data[1] = target;
    static const uint8_t increment[] = {0xf0, 0x48, 0xff, 0x05}, jump[] = {0xff, 0x25};
    int32_t to_count = (int32_t)((uint8_t *)&data[0] - (at + 8));
    int32_t to_target = (int32_t)((uint8_t *)&data[1] - (at + 14));
    memcpy(at, increment, 4), memcpy(at + 4, &to_count, 4);
    memcpy(at + 8, jump, 2), memcpy(at + 10, &to_target, 4);
    return at;
}

static int class_of(const char *name)
{
    char wanted[64];
    if (snprintf(wanted, sizeof wanted, " %s ", name) >= (int)sizeof wanted) return -1;
    for (size_t i = 0; i < sizeof watched_names / sizeof *watched_names; i++)
        if (strstr(watched_names[i].names, wanted)) return (int)watched_names[i].what;
    return -1;
}

static void divert(const struct link_map *map, const ElfW(Rela) *rela, size_t bytes,
                   const ElfW(Sym) *symbols, const char *strings)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    for (size_t i = 0; i < bytes / sizeof *rela && stubs_count < STUBS_MAX; i++) {
        uint64_t type = ELF64_R_TYPE(rela[i].r_info);
        if (type != R_X86_64_JUMP_SLOT && type != R_X86_64_GLOB_DAT) continue;
        const ElfW(Sym) *symbol = &symbols[ELF64_R_SYM(rela[i].r_info)];
        const char *name = strings + symbol->st_name;
        int what = symbol->st_shndx == SHN_UNDEF ? class_of(name) : -1;
        void **slot = (void **)(map->l_addr + rela[i].r_offset);
        if (what < 0 || !*slot) continue;
        void *start = (void *)((uintptr_t)slot & ~(page - 1));
        if (mprotect(start, page, PROT_READ | PROT_WRITE) != 0) continue;
        stubs[stubs_count].what = (enum watched)what;
        stubs[stubs_count].name = name;
        *slot = make_stub(stubs_count++, *slot);
    }
}

bool watch_calls(rig *r)
{
    struct link_map *map = NULL;
    if (code) return true;
    if (dlinfo(r->library, RTLD_DI_LINKMAP, &map) != 0) return false;
    /* Code and counters on pages of their own: one to run, one to write. */
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    uint8_t *both = mmap(NULL, page * 2, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
          0);
    if (both == MAP_FAILED) return false;
    code = both + page - STUBS_MAX * STUB_BYTES;
    const ElfW(Sym) *symbols = NULL;
    const char *strings = NULL;
    const ElfW(Rela) *rela = NULL, *jumps = NULL;
    size_t rela_bytes = 0, jump_bytes = 0;
    for (const ElfW(Dyn) *d = map->l_ld; d->d_tag != DT_NULL; d++) {
        if (d->d_tag == DT_SYMTAB) symbols = (const ElfW(Sym) *)d->d_un.d_ptr;
        if (d->d_tag == DT_STRTAB) strings = (const char *)d->d_un.d_ptr;
        if (d->d_tag == DT_RELA) rela = (const ElfW(Rela) *)d->d_un.d_ptr;
        if (d->d_tag == DT_RELASZ) rela_bytes = d->d_un.d_val;
        if (d->d_tag == DT_JMPREL) jumps = (const ElfW(Rela) *)d->d_un.d_ptr;
        if (d->d_tag == DT_PLTRELSZ) jump_bytes = d->d_un.d_val;
    }
    if (symbols && strings && jumps) divert(map, jumps, jump_bytes, symbols, strings);
    if (symbols && strings && rela) divert(map, rela, rela_bytes, symbols, strings);
    return mprotect(both, page, PROT_READ | PROT_EXEC) == 0;
}
#else
static uint64_t *counter(uint32_t index)
{
    static uint64_t none;
    (void)index;
    return &none;
}
bool watch_calls(rig *r)
{
    (void)r;
    return false;
}
#endif

void watch_reset(void)
{
    for (uint32_t i = 0; i < stubs_count; i++) *counter(i) = 0;
}

uint64_t watch_count(enum watched what)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < stubs_count; i++)
        if (stubs[i].what == what) sum += *counter(i);
    return sum;
}

const char *watch_first(enum watched what)
{
    for (uint32_t i = 0; i < stubs_count; i++)
        if (stubs[i].what == what && *counter(i)) return stubs[i].name;
    return NULL;
}
