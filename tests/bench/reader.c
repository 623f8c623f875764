// The yardstick of ./scripts/bench: what a machine needs at least for a folder of many small files. Lists the folder,
// and opens each file in it, reads its first 512 bytes and closes it.
//
//     reader FOLDER THREADS

#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { first_bytes = 512, files_per_turn = 64, most_threads = 256 };

static int folder;
static char** names;
static size_t count;
static atomic_size_t turns;

static void* read_some(void* is_first)
{
    if (is_first == NULL) {
        (void)unshare(CLONE_FILES);  // threads that share a table of open files wait for each other
    }
    char buffer[first_bytes];
    for (size_t at = 0; (at = files_per_turn * atomic_fetch_add(&turns, 1)) < count;) {
        for (size_t i = at; i < count && i < at + files_per_turn; ++i) {
            const int file = openat(folder, names[i], O_RDONLY | O_CLOEXEC);
            if (file < 0 || read(file, buffer, sizeof buffer) < 0) {
                perror(names[i]);
                exit(1);
            }
            close(file);
        }
    }
    return NULL;
}

static void list(void)
{
    DIR* const directory = fdopendir(dup(folder));
    size_t room = 0;
    for (const struct dirent* entry = NULL; directory != NULL && (entry = readdir(directory)) != NULL;) {
        if (entry->d_type != DT_REG) {
            continue;
        }
        if (count == room) {
            room = room == 0 ? 1024 : 2 * room;
            names = realloc(names, room * sizeof *names);
        }
        names[count++] = strdup(entry->d_name);
    }
    closedir(directory);
}

int main(int argc, char** argv)
{
    const long threads = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
    folder = threads < 1 || threads > most_threads ? -1 : open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        fprintf(stderr, "reader FOLDER THREADS\n");
        return 2;
    }
    list();
    pthread_t others[most_threads];
    for (long i = 1; i < threads; ++i) {
        if (pthread_create(&others[i], NULL, read_some, NULL) != 0) {
            perror("thread");
            return 1;
        }
    }
    read_some(&folder);
    for (long i = 1; i < threads; ++i) {
        pthread_join(others[i], NULL);
    }
    return 0;
}
