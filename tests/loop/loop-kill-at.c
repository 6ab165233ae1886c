/* loop-kill-at.c: runs a program and kills it on the way into one of its system calls
 *
 * kill-at N PROGRAM WORD...: N is the number of the call, 0 for never. The calls of all threads
 * count, those of other processes that the program starts do not. Prints how many calls there
 * were, on standard error and as the last line; ends with 77 when tracing is not permitted. */
#include "kw-tracer.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define EXIT_SKIPPED 77

int
main(int argc, char **argv)
{
    char byte = 0;
    int go[2], status = 0;
    pid_t child;

    if (argc < 3 || pipe(go) != 0)
        return EXIT_FAILURE;
    child = fork();
    if (child == 0) {
        if (read(go[0], &byte, 1) == 1) {
            (void) close(go[0]);
            (void) close(go[1]);
            (void) execv(argv[2], argv + 2);
        }
        _exit(EXIT_FAILURE);
    }
    if (!kw_tracer_seize(child))
        return EXIT_SKIPPED;
    if (write(go[1], &byte, 1) != 1)
        return EXIT_FAILURE;
    (void) fprintf(stderr, "%u\n",
                   kw_tracer_run(child, (guint) g_ascii_strtoull(argv[1], NULL, 10), &status));
    return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_SUCCESS;
}
