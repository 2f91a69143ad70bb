// The list of tests, and running one.
#include "rig.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const conformance_test *const groups[] = {lifecycle_tests, parameter_tests, state_tests,
                                                 batch_tests,     answer_tests,    source_tests,
                                                 process_tests,   cost_tests};

const conformance_test *conformance_at(uint32_t index)
{
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++)
        for (const conformance_test *t = groups[g]; t->name; t++)
            if (index-- == 0) return t;
    return NULL;
}

uint32_t conformance_count(void)
{
    uint32_t count = 0;
    while (conformance_at(count)) count++;
    return count;
}

const conformance_test *conformance_find(const char *name)
{
    const conformance_test *t = NULL;
    for (uint32_t i = 0; (t = conformance_at(i)); i++)
        if (!strcmp(t->name, name)) return t;
    return NULL;
}

conformance_result conformance_run(const conformance_test *test, const conformance_options *options)
{
    rig r = {.options = *options, .random = options->seed};
    if (!r.options.config) r.options.config = "";
    if (!rig_open(&r)) return r.result;
    step(&r, "asking what it describes");
    uint32_t count = r.entry->count();
    conformance_result worst = {.verdict = CONFORMANCE_PASSED};
    bool skipped = count > 0;
    for (uint32_t i = 0; i < count; i++) {
        r.desc = r.entry->describe(i);
        r.random = options->seed;
        r.result = (conformance_result){.digest = worst.digest};
        test->run(&r);
        skipped = skipped && r.result.verdict == CONFORMANCE_SKIPPED;
        // What one plugin of the library has nothing to say to, another may.
        if (i == 0 || (r.result.verdict != CONFORMANCE_SKIPPED && r.result.verdict >= worst.verdict)
            || (worst.verdict == CONFORMANCE_SKIPPED && r.result.verdict != CONFORMANCE_SKIPPED))
            worst = r.result;
        worst.digest = r.result.digest;
    }
    return worst;
}

static conformance_result run_once(const conformance_test *test, const conformance_options *options)
{
    conformance_result result = {.verdict = CONFORMANCE_FAILED};
    int ends[2];
    if (pipe(ends) != 0) return result;
    pid_t child = fork();
    if (child == 0) {
        alarm(test->seconds);
        result = conformance_run(test, options);
        _exit(write(ends[1], &result, sizeof result) == (ssize_t)sizeof result ? 0 : 1);
    }
    close(ends[1]);
    int status = 0;
    ssize_t got = child < 0 ? -1 : read(ends[0], &result, sizeof result);
    close(ends[0]);
    while (child > 0 && waitpid(child, &status, 0) < 0) {}
    if (got == (ssize_t)sizeof result) return result;
    result = (conformance_result){.verdict = CONFORMANCE_FAILED};
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
        snprintf(result.evidence, sizeof result.evidence, "it was not done after %u s",
              test->seconds);
    else if (WIFSIGNALED(status))
        snprintf(result.evidence, sizeof result.evidence, "it crashed: %s",
                 strsignal(WTERMSIG(status)));
    else
        snprintf(result.evidence, sizeof result.evidence, "it ended the process");
    snprintf(result.remedy, sizeof result.remedy, "run this test alone in a debugger");
    return result;
}

conformance_result conformance_run_in_child(const conformance_test *test,
                                            const conformance_options *options)
{
    fflush(NULL);
    conformance_result result = run_once(test, options);
    if (result.verdict != CONFORMANCE_PASSED || test->processes < 2) return result;
    conformance_result again = run_once(test, options);
    if (again.verdict != CONFORMANCE_PASSED || again.digest == result.digest) return again;
    again.verdict = CONFORMANCE_FAILED;
    snprintf(again.evidence, sizeof again.evidence,
             "two processes that were given the same answered differently");
    snprintf(again.remedy, sizeof again.remedy,
             "use no clock but batch.now, no chance but a seed, no order of addresses");
    return again;
}

uint32_t conformance_check(const conformance_options *options, FILE *report)
{
    uint32_t failed = 0;
    for (uint32_t i = 0; i < conformance_count(); i++) {
        const conformance_test *test = conformance_at(i);
        conformance_result result = conformance_run_in_child(test, options);
        failed += result.verdict == CONFORMANCE_FAILED;
        static const char *const words[] = {"passed", "skipped", "warned", "FAILED"};
        if (report && result.verdict >= CONFORMANCE_WARNED)
            fprintf(report, "%s %s (seed %llu): %s\n", words[result.verdict], test->name,
                    (unsigned long long)options->seed, result.evidence);
    }
    return failed;
}
