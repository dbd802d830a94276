/// The parameters of one statement as libpq wants them: all values in one buffer, with what libpq needs to find them.
/// Made to be used again, so that a statement costs no allocation.
struct PostgresArguments {
    /// Values one after another, each ended by a NUL byte.
    private(set) var bytes: [UInt8] = []
    /// Where each value starts in `bytes`; negative for NULL.
    private(set) var starts: [Int] = []
    /// Without the NUL byte. libpq reads it for binary values only.
    private(set) var lengths: [Int32] = []
    /// 0 text, 1 binary.
    private(set) var formats: [Int32] = []

    /// Forgets what was there and takes `parameters`.
    mutating func fill(_ parameters: [PostgresParameter]) throws(PostgresError) {
        bytes.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        formats.removeAll(keepingCapacity: true)
        for parameter in parameters { try append(parameter) }
    }

    private mutating func append(_ parameter: PostgresParameter) throws(PostgresError) {
        let start = bytes.count
        formats.append(0)
        switch parameter {
        case .null:
            starts.append(-1)
            lengths.append(0)
            return
        case .text(let text): bytes.append(contentsOf: text.utf8)
        case .int(let number): bytes.append(contentsOf: String(number).utf8)
        case .bool(let flag): bytes.append(flag ? UInt8(ascii: "t") : UInt8(ascii: "f"))
        case .double(let number): bytes.append(contentsOf: String(number).utf8)
        case .bytes(let raw):
            bytes.append(contentsOf: raw)
            formats[formats.count - 1] = 1
        case .textArray(let elements): PostgresArray.append(elements, to: &bytes)
        case .intArray(let elements): PostgresArray.append(elements, to: &bytes)
        }
        if formats.last == 0, ByteSearch.firstIndex(of: 0, in: bytes[start...]) != nil {
            // libpq would take the value to end there.
            throw .rejected(sqlState: "22021", message: "parameter $\(formats.count) has a NUL byte in its text")
        }
        starts.append(start)
        lengths.append(Int32(bytes.count - start))
        bytes.append(0)
    }
}
