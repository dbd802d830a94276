import Native

/// A header that somebody else chose for our requests.
package enum HeaderField {
    /// A token (RFC 9110, section 5.6.2), and none that the client writes itself.
    package static func isName(_ name: String) -> Bool {
        let own = ["host", "content-length", "content-type", "transfer-encoding", "connection"]
        return HTTPToken.isToken(name) && !own.contains(name.lowercased())
    }

    /// On one line, without control characters.
    package static func isValue(_ value: String) -> Bool { value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }
}
