/// A body of `multipart/form-data` (RFC 7578) as clients of an AI send it.
struct FormBody {
    /// The last one of each name.
    private(set) var fields: [String: [UInt8]] = [:]

    /// nil when the type names no boundary.
    init?(_ body: [UInt8], type: String) {
        guard type.hasPrefix("multipart/form-data"), let place = type.firstRange(of: "boundary=") else { return nil }
        let boundary = Array("--".utf8) + type[place.upperBound...].filter { $0 != "\"" }.utf8
        for part in body.split(separator: boundary) {
            guard let end = part.firstRange(of: Array("\r\n\r\n".utf8)) else { continue }
            let head = String(decoding: part[..<end.lowerBound], as: UTF8.self)
            guard let name = head.firstRange(of: " name=\"")?.upperBound else { continue }
            fields[String(head[name...].prefix { $0 != "\"" })] = Array(part[end.upperBound...].dropLast(2))
        }
    }
}
