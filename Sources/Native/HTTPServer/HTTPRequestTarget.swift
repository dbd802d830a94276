/// The target of a request line, cut at its `?`, nothing decoded.
package struct HTTPRequestTarget: Equatable, Sendable {
    package let path: String
    package let rawQuery: String
    /// Of the target as sent.
    let byteCount: Int
    private let isPrintable: Bool

    package init(_ target: UnsafeBufferPointer<UInt8>) {
        byteCount = target.count
        isPrintable = unsafe target.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        let cut = unsafe target.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        path = unsafe String(decoding: UnsafeBufferPointer(rebasing: target[..<cut]), as: UTF8.self)
        let query = unsafe target[min(cut + 1, target.endIndex)...]
        rawQuery = unsafe query.isEmpty ? "" : String(decoding: UnsafeBufferPointer(rebasing: query), as: UTF8.self)
    }

    /// A path, or the `*` of OPTIONS, in printable ASCII. libmicrohttpd lets spaces and raw bytes pass. The absolute
    /// form, `http://host/path`, is for proxies: it could name another host than the `Host` header.
    package var isWellFormed: Bool { isPrintable && (path.utf8.first == UInt8(ascii: "/") || path == "*") }
}
