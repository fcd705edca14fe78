/* What all jobs of the back thread work with. Plain data. */
#ifndef MARQUEE_JOB_TOOLS_H
#define MARQUEE_JOB_TOOLS_H

struct cache;
struct config;
struct kin;
struct lookups;
struct source;
struct stats;

/* What jobs work with; all borrowed, and each job keeps a reference to the configuration that it began with.
 */
struct job_tools {
    struct config *config;
    struct cache *cache;
    struct lookups *lookups;
    struct source *source;
    struct stats *stats;
    struct kin **kin; /* *kin: what jobs of this process know of each other's locks; NULL before the first */
};

#endif
