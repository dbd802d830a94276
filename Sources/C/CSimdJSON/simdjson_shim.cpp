#include "CSimdJSON.h"

#include <cstring>
#include <new>
#include <simdjson.h>
#include <type_traits>

using namespace simdjson;

struct csj_parser {
    dom::parser parser;
    size_t depth;
    explicit csj_parser(size_t max_bytes, size_t depth) : parser(max_bytes), depth(depth) {}
};

namespace {

/* Elements and iterators are a pointer and an index, so they travel as bytes. */
template <typename To, typename From> To bits(const From &from) {
    static_assert(sizeof(To) == sizeof(From), "the shim's struct must have simdjson's size");
    static_assert(std::is_trivially_copyable<From>::value && std::is_trivially_copyable<To>::value, "");
    To to;
    std::memcpy(static_cast<void *>(&to), &from, sizeof to);
    return to;
}

dom::element real(csj_element element) { return bits<dom::element>(element); }

csj_string text(std::string_view view) { return {view.data(), view.size()}; }

} // namespace

csj_parser *csj_parser_new(size_t max_bytes, size_t depth) {
    return new (std::nothrow) csj_parser(max_bytes, depth);
}

void csj_parser_free(csj_parser *parser) { delete parser; }

int csj_parse(csj_parser *parser, const char *bytes, size_t count, csj_element *root) {
    if (parser->parser.max_depth() != parser->depth) {
        if (error_code error = parser->parser.allocate(count < 4096 ? 4096 : count, parser->depth)) return error;
    }
    dom::element element;
    if (error_code error = parser->parser.parse(bytes, count, true).get(element)) return error;
    *root = bits<csj_element>(element);
    return 0;
}

const char *csj_error_text(int error) { return error_message(static_cast<error_code>(error)); }

csj_type csj_type_of(csj_element element) {
    switch (real(element).type()) {
    case dom::element_type::ARRAY: return CSJ_ARRAY;
    case dom::element_type::OBJECT: return CSJ_OBJECT;
    case dom::element_type::INT64: return CSJ_INT;
    case dom::element_type::UINT64: return CSJ_UINT;
    case dom::element_type::DOUBLE: return CSJ_DOUBLE;
    case dom::element_type::STRING: return CSJ_STRING;
    case dom::element_type::BOOL: return CSJ_BOOL;
    default: return CSJ_NULL;
    }
}

int csj_get_bool(csj_element element, int *value) {
    bool out;
    if (real(element).get_bool().get(out)) return 0;
    *value = out;
    return 1;
}

int csj_get_int(csj_element element, int64_t *value) { return real(element).get_int64().get(*value) == SUCCESS; }

int csj_get_double(csj_element element, double *value) { return real(element).get_double().get(*value) == SUCCESS; }

int csj_get_string(csj_element element, csj_string *value) {
    std::string_view view;
    if (real(element).get_string().get(view)) return 0;
    *value = text(view);
    return 1;
}

int csj_field(csj_element object, const char *name, size_t name_count, csj_element *value) {
    dom::object fields;
    if (real(object).get_object().get(fields)) return 0;
    dom::element found;
    if (fields.at_key(std::string_view(name, name_count)).get(found)) return 0;
    *value = bits<csj_element>(found);
    return 1;
}

int csj_walk(csj_element container, csj_cursor *cursor) {
    dom::element element = real(container);
    dom::array items;
    if (element.get_array().get(items) == SUCCESS) {
        *cursor = {bits<csj_element>(items.begin()), bits<csj_element>(items.end())};
        return 1;
    }
    dom::object fields;
    if (element.get_object().get(fields) == SUCCESS) {
        *cursor = {bits<csj_element>(fields.begin()), bits<csj_element>(fields.end())};
        return 1;
    }
    return 0;
}

int csj_next_item(csj_cursor *cursor, csj_element *value) {
    if (cursor->at.index == cursor->end.index) return 0;
    auto at = bits<dom::array::iterator>(cursor->at);
    *value = bits<csj_element>(*at);
    cursor->at = bits<csj_element>(++at);
    return 1;
}

int csj_next_field(csj_cursor *cursor, csj_string *key, csj_element *value) {
    if (cursor->at.index == cursor->end.index) return 0;
    auto at = bits<dom::object::iterator>(cursor->at);
    *key = text(at.key());
    *value = bits<csj_element>(at.value());
    cursor->at = bits<csj_element>(++at);
    return 1;
}
