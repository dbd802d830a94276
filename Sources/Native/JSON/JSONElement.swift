internal import CSimdJSON

/// A value in JSON text that is lent by `JSON.read`. Not Sendable, and of no use after the loan.
@safe @LoopActor package struct JSONElement {
    private let raw: csj_element
    private let parser: JSONParser
    private let generation: Int

    init(raw: csj_element, parser: JSONParser) {
        unsafe self.raw = raw
        self.parser = parser
        generation = parser.generation
    }

    /// The element for C, after a look whether its text is still lent.
    private var element: csj_element {
        precondition(generation == parser.generation, "a JSON element was used after its text was given back")
        return unsafe raw
    }

    // MARK: Values; nil when the element is of another type

    package var string: String? {
        var text = unsafe csj_string()
        guard unsafe csj_get_string(element, &text) == 1 else { return nil }
        return unsafe String(decoding: Self.buffer(text), as: UTF8.self)
    }

    /// A string's UTF-8.
    package var bytes: [UInt8]? {
        var text = unsafe csj_string()
        guard unsafe csj_get_string(element, &text) == 1 else { return nil }
        return unsafe [UInt8](Self.buffer(text))
    }

    /// A whole number that fits 64 bits, signed. A number with a fraction is none.
    package var int: Int? {
        var value: Int64 = 0
        return unsafe csj_get_int(element, &value) == 1 ? Int(value) : nil
    }

    /// Any number.
    package var double: Double? {
        var value = 0.0
        return unsafe csj_get_double(element, &value) == 1 ? value : nil
    }

    package var bool: Bool? {
        var value: Int32 = 0
        return unsafe csj_get_bool(element, &value) == 1 ? value != 0 : nil
    }

    var type: csj_type { unsafe csj_type_of(element) }
    package var isNull: Bool { unsafe csj_type_of(element) == CSJ_NULL }
    package var isObject: Bool { unsafe csj_type_of(element) == CSJ_OBJECT }
    package var isArray: Bool { unsafe csj_type_of(element) == CSJ_ARRAY }

    // MARK: Members

    /// The first field of that name; nil when there is none, it is null, or this is no object.
    package subscript(name: StaticString) -> JSONElement? {
        var found = unsafe csj_element()
        let isThere = unsafe csj_field(
            element, UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self), name.utf8CodeUnitCount,
            &found)
        guard isThere == 1, unsafe csj_type_of(found) != CSJ_NULL else { return nil }
        return unsafe JSONElement(raw: found, parser: parser)
    }

    /// The first field of that name, also when it is null; nil when there is none, or this is no object.
    package func field(_ name: String) -> JSONElement? {
        var found = unsafe csj_element(), name = name
        let isThere = name.withUTF8 { name in
            unsafe name.withMemoryRebound(to: CChar.self) {
                unsafe csj_field(element, $0.baseAddress, $0.count, &found)
            }
        }
        return isThere == 1 ? unsafe JSONElement(raw: found, parser: parser) : nil
    }

    /// The elements of an array, in order; empty when this is none.
    package var items: [JSONElement] {
        guard isArray else { return [] }
        var cursor = unsafe csj_cursor(), next = unsafe csj_element()
        guard unsafe csj_walk(element, &cursor) == 1 else { return [] }
        var items: [JSONElement] = []
        while unsafe csj_next_item(&cursor, &next) == 1 {
            unsafe items.append(JSONElement(raw: next, parser: parser))
        }
        return items
    }

    /// The elements of an array that has so many at most; nil when it has more, or this is none. A long one costs no more
    /// than a short one.
    package func items(atMost limit: Int) -> [JSONElement]? {
        guard isArray else { return nil }
        var cursor = unsafe csj_cursor(), next = unsafe csj_element()
        guard unsafe csj_walk(element, &cursor) == 1 else { return nil }
        var items: [JSONElement] = []
        while unsafe csj_next_item(&cursor, &next) == 1 {
            guard items.count < limit else { return nil }
            unsafe items.append(JSONElement(raw: next, parser: parser))
        }
        return items
    }

    /// The fields of an object, in the text's order; empty when this is none.
    package var fields: [(name: String, value: JSONElement)] {
        guard isObject else { return [] }
        var cursor = unsafe csj_cursor(), key = unsafe csj_string(), next = unsafe csj_element()
        guard unsafe csj_walk(element, &cursor) == 1 else { return [] }
        var fields: [(name: String, value: JSONElement)] = []
        while unsafe csj_next_field(&cursor, &key, &next) == 1 {
            let name = unsafe String(decoding: Self.buffer(key), as: UTF8.self)
            unsafe fields.append((name, JSONElement(raw: next, parser: parser)))
        }
        return fields
    }

    private nonisolated static func buffer(_ text: csj_string) -> UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: text.bytes, count: text.count)
    }
}
