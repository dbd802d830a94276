/* simdjson's DOM for Swift: a parser, and elements that point into its tape.
 * An element is valid until its parser parses again or is freed. Nothing here
 * allocates but csj_parser_new and csj_parse, and no C++ exception leaves. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct csj_parser csj_parser;

/* simdjson::dom::element, by value. */
typedef struct {
    const void *document;
    size_t index;
} csj_element;

/* A place in an array or object being walked. */
typedef struct {
    csj_element at;
    csj_element end;
} csj_cursor;

typedef struct {
    const char *bytes; /* UTF-8, validated, not NUL-terminated */
    size_t count;
} csj_string;

typedef enum {
    CSJ_NULL, CSJ_BOOL, CSJ_INT, CSJ_UINT, CSJ_DOUBLE, CSJ_STRING, CSJ_ARRAY, CSJ_OBJECT
} csj_type;

/* Null when out of memory. `depth` bounds the nesting. */
csj_parser *csj_parser_new(size_t max_bytes, size_t depth);
void csj_parser_free(csj_parser *parser);

/* 0 and the root, or simdjson's error number (csj_error_text). Copies the input, so `bytes` needs no padding. */
int csj_parse(csj_parser *parser, const char *bytes, size_t count, csj_element *root);
const char *csj_error_text(int error);

csj_type csj_type_of(csj_element element);
/* Each is 1 and the value, or 0 when the element is of another type. */
int csj_get_bool(csj_element element, int *value);
int csj_get_int(csj_element element, int64_t *value);
int csj_get_double(csj_element element, double *value);
int csj_get_string(csj_element element, csj_string *value);
/* 1 and the first field of that name, or 0: not an object, or no such field. */
int csj_field(csj_element object, const char *name, size_t name_count, csj_element *value);

/* 1 and a cursor over an array or an object, or 0 when the element is neither. */
int csj_walk(csj_element container, csj_cursor *cursor);
/* 1 and the next element (for an object also its key), or 0 at the end. */
int csj_next_item(csj_cursor *cursor, csj_element *value);
int csj_next_field(csj_cursor *cursor, csj_string *key, csj_element *value);

#ifdef __cplusplus
}
#endif
