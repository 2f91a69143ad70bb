/* Lets a thread of its own push, and reports how that was answered through its timer. */
#include <pthread.h>
#define ON_PROCESS                                                                             \
    pthread_t thread;                                                                          \
    void *answer = NULL;                                                                       \
    if (pthread_create(&thread, NULL, push_there, (void *)sink)) return KEEL_E_STATE;          \
    pthread_join(thread, &answer);                                                             \
    const keel_host *host = ((struct instance *)p->self)->host;                                \
    host->timer(host, 1, (keel_ns)(intptr_t)answer);
#include <keel/keel.h>
static void *push_there(void *sink)
{
    keel_intent i = {.h = {.size = sizeof i, .type = KEEL_IN_PLACE}, .intent_id = 1};
    return (void *)(intptr_t)((const keel_sink *)sink)->push(sink, &i, sizeof i);
}
#include "base.h"
