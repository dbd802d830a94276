import FoundationEssentials
import Native

/// Values on their way into `jsonb` and out of it.
enum StoredJSON {
    /// JSON text. U+0000, which jsonb cannot hold, becomes U+FFFD.
    static func text(_ value: some Encodable) -> String {
        do {
            return text(json: [UInt8](try JSONEncoder().encode(value)))
        } catch {
            // Only numbers that are not finite and encoders written by hand can fail.
            preconditionFailure("\(type(of: value)) cannot be written as JSON: \(error)")
        }
    }

    /// The same of what writes itself, which takes a tenth of the time.
    static func array<Element>(_ elements: [Element], _ write: (Element, inout JSONWriter) -> Void) -> String {
        var json = JSONWriter(reserving: 512)
        json.beginArray()
        for element in elements { write(element, &json) }
        json.endArray()
        return text(json: json.bytes)
    }

    /// An object in which each name is true.
    static func flags(_ names: [String]) -> String {
        var json = JSONWriter()
        json.beginObject()
        for name in names {
            json.key(named: name)
            json.value(true)
        }
        json.endObject()
        return text(json: json.bytes)
    }

    /// The same for text that is JSON already.
    static func text(json: [UInt8]) -> String {
        var bytes = json
        var index = 0
        while let escape = ByteSearch.firstIndex(of: UInt8(ascii: "\\"), in: bytes[index...]) {
            if bytes[(escape + 1)...].starts(with: "u0000".utf8) {
                bytes.replaceSubrange((escape + 2)..<(escape + 6), with: "fffd".utf8)
            }
            // Past the escaped character, which may be a backslash itself.
            index = min(escape + 2, bytes.count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func read<T: Decodable>(_ type: T.Type, _ bytes: [UInt8]) throws(StoreError) -> T {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw .unreadable("\(type): \(error)")
        }
    }
}

extension String {
    /// Fit for a text column: U+0000 becomes U+FFFD.
    var storable: String { ByteSearch.contains(0, in: self) ? String(map { $0 == "\0" ? "\u{FFFD}" : $0 }) : self }
}
