/* The sample configuration, made of the table of settings: each setting is explained once, there. */
#ifndef MARQUEE_SAMPLE_H
#define MARQUEE_SAMPLE_H

/* Prints the sample to standard output. deploy/marquee.ini is that output (make sample; make check-sample).
 */
void sample_print(void);

#endif
