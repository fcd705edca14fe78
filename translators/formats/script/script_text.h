/* The script that format=js runs, without its arguments: script/tag.js, made into text by script/script.mk.
 */
#ifndef MARQUEE_SCRIPT_TEXT_H
#define MARQUEE_SCRIPT_TEXT_H

extern const char script_text[]; /* ends with the parenthesis and the first argument of the call */

#endif
