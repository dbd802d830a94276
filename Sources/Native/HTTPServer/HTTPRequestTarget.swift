/// The target of a request line, cut at its `?`, nothing decoded.
struct HTTPRequestTarget: Equatable, Sendable {
    let path: String
    let rawQuery: String
    /// No well-formed target has one; libmicrohttpd lets it pass.
    let hasSpace: Bool

    init(_ target: UnsafeBufferPointer<UInt8>) {
        hasSpace = unsafe target.contains(UInt8(ascii: " "))
        let cut = unsafe target.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        path = unsafe String(decoding: UnsafeBufferPointer(rebasing: target[..<cut]), as: UTF8.self)
        let query = unsafe target[min(cut + 1, target.endIndex)...]
        rawQuery = unsafe query.isEmpty ? "" : String(decoding: UnsafeBufferPointer(rebasing: query), as: UTF8.self)
    }
}
