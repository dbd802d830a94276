/// A voice message or picture that is here.
package struct FetchedMedia: Sendable, Equatable {
    /// By its bytes, whatever was claimed.
    package let type: MediaType
    package let bytes: [UInt8]

    package init(type: MediaType, bytes: [UInt8]) {
        self.type = type
        self.bytes = bytes
    }

    /// Takes the bytes for what they are, if they are of the wanted family and nobody claimed them to be of another.
    ///
    /// - Parameter claim: as sender or server said; nil and `application/octet-stream` claim nothing.
    init(_ bytes: [UInt8], wanted: MediaType.Family, claim: String?) throws(MediaFault) {
        guard let type = MediaType(bytes), type.family == wanted else {
            throw .refused("the bytes are no \(wanted.rawValue)")
        }
        let claimed = claim?.split(whereSeparator: { $0 == ";" || $0 == " " }).first?.lowercased()
        switch claimed {
        case nil, "application/octet-stream", "binary/octet-stream": break
        case "application/ogg" where type == .ogg: break
        case let claimed?:
            guard claimed.hasPrefix(wanted.rawValue + "/") else {
                throw .refused("the bytes are not of the type they came as")
            }
        }
        self.init(type: type, bytes: bytes)
    }
}
