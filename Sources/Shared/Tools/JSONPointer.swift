import Native

/// A place in a JSON text as a schema's `$ref` names it: `#`, or `#/$defs/address` (RFC 6901, section 6).
@LoopActor enum JSONPointer {
    /// nil when nothing is there, or the reference is to another document.
    static func resolve(_ reference: String, in root: JSONElement) -> JSONElement? {
        guard reference.hasPrefix("#") else { return nil }
        let pointer = reference.dropFirst()
        if pointer.isEmpty { return root }
        guard pointer.hasPrefix("/"), let plain = decode(pointer) else { return nil }
        var place = root
        for part in plain.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            let name = String(part.replacing("~1", with: "/").replacing("~0", with: "~"))
            if place.isArray {
                guard let index = Int(name), let item = place.items.dropFirst(max(index, 0)).first, index >= 0 else {
                    return nil
                }
                place = item
            } else {
                guard let field = place.field(name) else { return nil }
                place = field
            }
        }
        return place
    }

    /// Without percent escapes; nil when one is broken.
    private static func decode(_ text: Substring) -> String? {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        var bytes: [UInt8] = [], rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let decoded = Hex.decode(String(decoding: rest.prefix(2), as: UTF8.self)), decoded.count == 1 else {
                return nil
            }
            bytes += decoded
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
