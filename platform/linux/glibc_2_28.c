// What the compiler's own libraries and headers take for granted of glibc, and glibc 2.28 has not: so a program that is
// built with newer ones runs there. Only in builds for every Linux (UNSTICK_GLIBC).

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

// 2.29: the same functions, which set errno no more. The older ones do as well. Ours are hidden: what a program exports, the
// dynamic linker takes for the older ones, too, and they would call themselves without end.
#define HIDDEN __attribute__((visibility("hidden")))
#define OLDER(name) __asm__(".symver older_" #name "," #name "@" OLDEST)
#ifdef __x86_64__
#define OLDEST "GLIBC_2.2.5"
#else
#define OLDEST "GLIBC_2.17"
#endif
double older_exp(double x);
double older_log(double x);
double older_pow(double x, double y);
OLDER(exp);
OLDER(log);
OLDER(pow);
HIDDEN double exp(double x)
{
    return older_exp(x);
}
HIDDEN double log(double x)
{
    return older_log(x);
}
HIDDEN double pow(double x, double y)
{
    return older_pow(x, y);
}

// 2.30: what libstdc++ did without it.
int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                           const struct timespec* until)
{
    struct timespec now;
    struct timespec end;
    clock_gettime(clock, &now);
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += until->tv_sec - now.tv_sec;
    end.tv_nsec += until->tv_nsec - now.tv_nsec;
    if (end.tv_nsec < 0) {
        end.tv_nsec += 1000000000;
        --end.tv_sec;
    } else if (end.tv_nsec >= 1000000000) {
        end.tv_nsec -= 1000000000;
        ++end.tv_sec;
    }
    return pthread_cond_timedwait(condition, mutex, &end);
}

// 2.32: a hint for who counts references. "No" is always right.
char __libc_single_threaded = 0;

// 2.35: where the unwinder's tables of the code at `address` are.
struct Search {
    uintptr_t address;
    struct dl_find_object* result;
};

static int is_here(struct dl_phdr_info* object, size_t size, void* context)
{
    (void)size;
    const struct Search* search = context;
    const void* table = NULL;
    int found = 0;
    for (int i = 0; i < object->dlpi_phnum; ++i) {
        const ElfW(Phdr)* segment = &object->dlpi_phdr[i];
        const uintptr_t start = object->dlpi_addr + segment->p_vaddr;
        if (segment->p_type == PT_LOAD && search->address >= start && search->address - start < segment->p_memsz) {
            found = 1;
        } else if (segment->p_type == PT_GNU_EH_FRAME) {
            table = (const void*)start;
        }
    }
    if (found == 0 || table == NULL) {
        return 0;
    }
    search->result->dlfo_eh_frame = (void*)(uintptr_t)table;
    return 1;
}

int _dl_find_object(void* address, struct dl_find_object* result)
{
    struct Search search = {(uintptr_t)address, result};
    return dl_iterate_phdr(is_here, &search) == 1 ? 0 : -1;
}

// 2.36: for std::random_device. Without chance there is no going on.
uint32_t arc4random(void)
{
    uint32_t value = 0;
    while (getrandom(&value, sizeof value, 0) != sizeof value) {
        if (errno != EINTR) {
            abort();
        }
    }
    return value;
}
