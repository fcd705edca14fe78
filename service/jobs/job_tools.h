/* What all jobs of the back thread work with. Plain data. */
#ifndef MARQUEE_JOB_TOOLS_H
#define MARQUEE_JOB_TOOLS_H

struct cache;
struct config;
struct lock_group;
struct lookups;
struct source;
struct stats;
struct task_pool;

/* What jobs work with; all borrowed, and each job keeps a reference to the configuration that it began with.
 */
struct job_tools {
    struct config *config;
    struct cache *cache;
    struct lookups *lookups;
    struct source *source;
    struct stats *stats;
    struct task_pool *tasks; /* for what would hold up other documents; NULL: it is done at once */
    struct lock_group *
        *lock_groups; /* a hash of the jobs of this process by their lock; *lock_groups is NULL when empty */
};

#endif
