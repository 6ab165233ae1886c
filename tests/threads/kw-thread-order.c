/* kw-thread-order.c: tells ThreadSanitizer what GLib orders
 *
 * GLib comes from the distribution and was not built with the sanitizer, which therefore does
 * not see that a mutex, a queue or a GTask lets one thread happen before another, and would
 * call every use of them a race. This library is preloaded (packaging/threads.sh); each
 * function here does what GLib's does and says "release" before, "acquire" after. It adds
 * no order that GLib does not give: what it leaves out is found as a race, never hidden. */
#include <dlfcn.h>
#include <gio/gio.h>

void __tsan_acquire(void *address);
void __tsan_release(void *address);

/* GLib's own function of this name, looked up once; all threads find the same */
#define REAL(name)                                                                             \
    (G_GNUC_EXTENSION({                                                                        \
        static void *symbol;                                                                   \
        if (g_atomic_pointer_get(&symbol) == NULL)                                             \
            g_atomic_pointer_set(&symbol, find(#name));                                        \
        (__typeof__(&name)) g_atomic_pointer_get(&symbol);                                     \
    }))

static void *
find(const gchar *name)
{
    void *symbol = dlsym(RTLD_NEXT, name);

    if (symbol == NULL)
        g_error("no %s in GLib", name);
    return symbol;
}

/* -- locks -- */

void(g_mutex_lock)(GMutex *mutex)
{
    REAL(g_mutex_lock)(mutex);
    __tsan_acquire(mutex);
}

void(g_mutex_unlock)(GMutex *mutex)
{
    __tsan_release(mutex);
    REAL(g_mutex_unlock)(mutex);
}

void
g_rec_mutex_lock(GRecMutex *mutex)
{
    REAL(g_rec_mutex_lock)(mutex);
    __tsan_acquire(mutex);
}

void
g_rec_mutex_unlock(GRecMutex *mutex)
{
    __tsan_release(mutex);
    REAL(g_rec_mutex_unlock)(mutex);
}

void
g_cond_wait(GCond *cond, GMutex *mutex)
{
    __tsan_release(mutex);
    REAL(g_cond_wait)(cond, mutex);
    __tsan_acquire(mutex);
}

gboolean
g_cond_wait_until(GCond *cond, GMutex *mutex, gint64 end_us)
{
    gboolean is_signalled;

    __tsan_release(mutex);
    is_signalled = REAL(g_cond_wait_until)(cond, mutex, end_us);
    __tsan_acquire(mutex);
    return is_signalled;
}

/* -- queues -- */

void
g_async_queue_push(GAsyncQueue *queue, gpointer data)
{
    __tsan_release(queue);
    REAL(g_async_queue_push)(queue, data);
}

gpointer
g_async_queue_pop(GAsyncQueue *queue)
{
    gpointer data = REAL(g_async_queue_pop)(queue);

    __tsan_acquire(queue);
    return data;
}

gpointer
g_async_queue_try_pop(GAsyncQueue *queue)
{
    gpointer data = REAL(g_async_queue_try_pop)(queue);

    __tsan_acquire(queue);
    return data;
}

/* -- threads -- */

typedef struct {
    GThreadFunc func;
    gpointer data;
} Body;

static gpointer
run_body(gpointer data)
{
    Body *body = data;
    GThread *self = g_thread_self();
    gpointer result;

    __tsan_acquire(body);
    result = body->func(body->data);
    g_free(body);
    __tsan_release(self);
    return result;
}

GThread *
g_thread_new(const gchar *name, GThreadFunc func, gpointer data)
{
    Body *body = g_new(Body, 1);

    *body = (Body){func, data};
    __tsan_release(body);
    return REAL(g_thread_new)(name, run_body, body);
}

gpointer
g_thread_join(GThread *thread)
{
    gpointer result = REAL(g_thread_join)(thread);

    __tsan_acquire(thread);
    return result;
}

/* -- tasks -- */

static GQuark
quark_of_work(void)
{
    return g_quark_from_static_string("kw-thread-order-work");
}

static void
run_work(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    GTaskThreadFunc func;

    __tsan_acquire(task);
    func = (GTaskThreadFunc) g_object_get_qdata(G_OBJECT(task), quark_of_work());
    func(task, source, data, cancellable);
    __tsan_release(task);
}

void
g_task_run_in_thread(GTask *task, GTaskThreadFunc func)
{
    g_object_set_qdata(G_OBJECT(task), quark_of_work(), (gpointer) func);
    __tsan_release(task);
    REAL(g_task_run_in_thread)(task, run_work);
}

#define RETURNS(name, ...)                                                                     \
    __tsan_release(task);                                                                      \
    REAL(name)(__VA_ARGS__)

void
g_task_return_boolean(GTask *task, gboolean result)
{
    RETURNS(g_task_return_boolean, task, result);
}

void
g_task_return_int(GTask *task, gssize result)
{
    RETURNS(g_task_return_int, task, result);
}

void
g_task_return_pointer(GTask *task, gpointer result, GDestroyNotify destroy)
{
    RETURNS(g_task_return_pointer, task, result, destroy);
}

void
g_task_return_error(GTask *task, GError *error)
{
    RETURNS(g_task_return_error, task, error);
}

gpointer
g_task_get_task_data(GTask *task)
{
    __tsan_acquire(task);
    return REAL(g_task_get_task_data)(task);
}

gboolean
g_task_propagate_boolean(GTask *task, GError **error)
{
    __tsan_acquire(task);
    return REAL(g_task_propagate_boolean)(task, error);
}

gssize
g_task_propagate_int(GTask *task, GError **error)
{
    __tsan_acquire(task);
    return REAL(g_task_propagate_int)(task, error);
}

gpointer
g_task_propagate_pointer(GTask *task, GError **error)
{
    __tsan_acquire(task);
    return REAL(g_task_propagate_pointer)(task, error);
}

/* -- calls into another main loop -- */

typedef struct {
    GSourceFunc func;
    gpointer data;
    GDestroyNotify destroy;
} Call;

static gboolean
run_call(gpointer data)
{
    Call *call = data;

    __tsan_acquire(call);
    return call->func(call->data);
}

static void
free_call(gpointer data)
{
    Call *call = data;

    __tsan_acquire(call);
    if (call->destroy != NULL)
        call->destroy(call->data);
    g_free(call);
}

extern GSourceFuncs g_idle_funcs;

void
g_source_set_callback(GSource *source, GSourceFunc func, gpointer data, GDestroyNotify destroy)
{
    Call *call;

    /* others call back with arguments of their own, in the thread that made them */
    if (source->source_funcs != &g_idle_funcs) {
        REAL(g_source_set_callback)(source, func, data, destroy);
        return;
    }
    call = g_new(Call, 1);
    *call = (Call){func, data, destroy};
    __tsan_release(call);
    REAL(g_source_set_callback)(source, run_call, call, free_call);
}

/* -- the last reference frees what others wrote -- */

void(g_object_unref)(gpointer object)
{
    __tsan_release(object);
    __tsan_acquire(object);
    REAL(g_object_unref)(object);
}

gboolean(g_atomic_ref_count_dec)(gatomicrefcount *count)
{
    __tsan_release(count);
    __tsan_acquire(count);
    return REAL(g_atomic_ref_count_dec)(count);
}
