/* What happens when memory runs out: the program ends, at once and by its own abort(). Its inputs are
 * bounded, so it does not happen for what a client or an upstream sends; and a document that silently lacks
 * what there was no memory for would be worse. */
#ifndef MARQUEE_EXHAUSTION_H
#define MARQUEE_EXHAUSTION_H

/* Holds jansson to that too, which by itself leaves things out. Main thread, before the first JSON. */
void exhaustion_aborts(void);

#endif
