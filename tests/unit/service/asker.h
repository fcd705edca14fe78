/* One who asks a source (source.h) and remembers what it was told. Asserts with cmocka. */
#ifndef MARQUEE_TESTS_ASKER_H
#define MARQUEE_TESTS_ASKER_H

#include <stdio.h>

#include "stage.h"

struct asker {
    struct stage *stage; /* set by ask() */
    struct follower *follower;
    unsigned told;
    bool left;
    size_t question;
    struct source_answer answer; /* the latest; the body is `name` alone */
    char name[64];
    struct asker *victim;  /* is made to leave while this one is told; NULL: nobody is */
    const char *ask_again; /* is asked for while this one is told, once; NULL: nothing is */
};

static inline const char *name_in(const json_t *body)
{
    const char *name = json_string_value(json_object_get(body, "name"));
    return name != NULL ? name : "";
}

static inline void on_told(void *arg, size_t question, const struct source_answer *answer)
{
    struct asker *asker = arg;
    asker->told++;
    asker->question = question;
    asker->answer = *answer;
    snprintf(asker->name, sizeof(asker->name), "%s", name_in(answer->body));
    asker->answer.body = NULL;
    if (asker->victim != NULL && asker->victim->told == 0 && !asker->victim->left) {
        asker->victim->left = true;
        source_forget(asker->victim->follower);
    }
    if (asker->ask_again != NULL) {
        const char *path = asker->ask_again;
        asker->ask_again = NULL;
        source_get(asker->stage->source, asker->stage->provider, RESOURCE_VENUE, path, asker->stage->now_s,
                   on_told, asker, 0);
    }
}

static inline void ask(struct stage *stage, struct asker *asker, const char *path, int64_t horizon_s)
{
    asker->stage = stage;
    asker->follower = source_get(stage->source, stage->provider, RESOURCE_VENUE, path, horizon_s, on_told,
                                 asker, asker->question);
    assert_non_null(asker->follower);
}

/* It was told once, and the body has this name. */
static inline void assert_answered(const struct asker *asker, const char *name)
{
    assert_int_equal(asker->told, 1);
    assert_int_equal(asker->answer.problem, PROBLEM_NONE);
    assert_string_equal(asker->name, name);
}

static inline void assert_failed(const struct asker *asker, enum problem_kind problem)
{
    assert_int_equal(asker->told, 1);
    assert_int_equal(asker->answer.problem, problem);
}

#endif
