/* What libh2o calls for every request and every answer. */
#ifndef MARQUEE_FRONT_HANDLER_H
#define MARQUEE_FRONT_HANDLER_H

struct st_h2o_hostconf_t;

/* Before the first thread begins. Every request of the host comes to the front's on_request, on_plain_request
 * or on_admin_request, or is refused. */
void handler_register(struct st_h2o_hostconf_t *host);

#endif
