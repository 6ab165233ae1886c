#include "kw-tracer.h"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#define OPTIONS (PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL)

gboolean
kw_tracer_seize(GPid pid)
{
    g_autofree gchar *path = g_strdup_printf("/proc/%d/task", (gint) pid);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const gchar *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        pid_t thread = (pid_t) g_ascii_strtoll(name, NULL, 10);
        int status;

        if (ptrace(PTRACE_SEIZE, thread, NULL, OPTIONS) != 0 ||
            ptrace(PTRACE_INTERRUPT, thread, NULL, NULL) != 0)
            return FALSE;
        g_assert_cmpint(waitpid(thread, &status, __WALL), ==, thread);
        g_assert_cmpint(ptrace(PTRACE_SYSCALL, thread, NULL, NULL), ==, 0);
    }
    return dir != NULL;
}

/* Returns: TRUE when @thread stands before a system call, not behind one */
static gboolean
is_before_call(pid_t thread)
{
    struct __ptrace_syscall_info info;

    return ptrace(PTRACE_GET_SYSCALL_INFO, thread, (void *) sizeof info, &info) > 0 &&
           info.op == PTRACE_SYSCALL_INFO_ENTRY;
}

guint
kw_tracer_run(GPid pid, guint kill_at, int *out_status)
{
    guint n_calls = 0;
    pid_t thread;

    while ((thread = waitpid(-1, out_status, __WALL)) > 0) {
        gint signum = 0;

        if (!WIFSTOPPED(*out_status)) {
            if (thread == pid)
                break;
            continue;
        }
        if (WSTOPSIG(*out_status) == (SIGTRAP | 0x80)) {
            n_calls += is_before_call(thread);
            if (kill_at > 0 && n_calls == kill_at)
                (void) kill(pid, SIGKILL);
        } else if (*out_status >> 16 == 0) {
            signum = WSTOPSIG(*out_status);
        }
        (void) ptrace(PTRACE_SYSCALL, thread, NULL, signum);
    }
    return n_calls;
}
