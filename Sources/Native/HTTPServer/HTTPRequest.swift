// glibc's socket types belong to whichever of these modules the compiler reads first.
internal import CLibCurl
internal import CMicroHTTPD
internal import CUV
internal import Glibc

/// A request whose body has arrived, as the handler sees it.
///
/// Headers and the client's address are looked up in libmicrohttpd's memory when asked for: cheap for the few that
/// are. That memory lives until the handler has returned or the server has stopped; from then on they read as absent.
@safe @LoopActor package final class HTTPRequest {
    /// As sent: upper case for every method that HTTP defines.
    package nonisolated let method: String
    /// As sent, with its escapes and without the query.
    package nonisolated let path: String
    /// What stands behind the `?`; empty when nothing does.
    package nonisolated let rawQuery: String
    package nonisolated let body: [UInt8]
    /// Not owned. Null once `end` was called.
    private var connection: OpaquePointer?
    private let mayRepeatHeaders: Bool

    /// - Parameters:
    ///   - connection: a `MHD_Connection` that lives until `end` is called.
    ///   - mayRepeatHeaders: whether two headers may have the same name.
    init(
        method: String, target: HTTPRequestTarget, body: [UInt8], connection: OpaquePointer, mayRepeatHeaders: Bool
    ) {
        self.mayRepeatHeaders = mayRepeatHeaders
        self.method = method
        path = target.path
        rawQuery = target.rawQuery
        self.body = body
        unsafe self.connection = connection
    }

    /// The header of that name, in any case of letters. One that stands twice is as good as none: a proxy in front and
    /// we might each believe another one of them.
    package func header(_ name: String) -> String? {
        guard let connection = unsafe connection else { return nil }
        if mayRepeatHeaders, unsafe Self.count(name, in: connection) > 1 { return nil }
        return unsafe name.withCString { name in
            let value = unsafe MHD_lookup_connection_value(connection, .HEADER_KIND, name)
            return unsafe value.map { unsafe String(cString: $0) }
        }
    }

    private static func count(_ name: String, in connection: OpaquePointer) -> Int {
        unsafe name.withCString { name in
            var search = unsafe (name: name, count: 0)
            _ = unsafe MHD_get_connection_values(
                connection, .HEADER_KIND,
                { search, _, key, _ in
                    let search = unsafe search!.assumingMemoryBound(to: (name: UnsafePointer<CChar>, count: Int).self)
                    if let key = unsafe key, unsafe strcasecmp(key, search.pointee.name) == 0 {
                        unsafe search.pointee.count += 1
                    }
                    return .YES
                }, &search)
            return unsafe search.count
        }
    }

    /// The first parameter of that name in the query, decoded.
    package nonisolated func query(_ name: String) -> String? {
        rawQuery.isEmpty ? nil : URLEncodedForm(rawQuery)[name]
    }

    /// The client's address without its port; empty for a Unix socket.
    package var remoteAddress: String {
        guard let connection = unsafe connection, let address = unsafe cmhd_client_address(connection) else {
            return ""
        }
        let family = unsafe Int32(address.pointee.sa_family)
        guard family == AF_INET || family == AF_INET6 else { return "" }
        let length = family == AF_INET ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size
        return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(NI_MAXHOST)) { name in
            let status = unsafe getnameinfo(
                address, socklen_t(length), name.baseAddress, socklen_t(name.count), nil, 0, NI_NUMERICHOST)
            return status == 0 ? unsafe String(cString: name.baseAddress!) : ""
        }
    }

    /// Lets go of libmicrohttpd's memory.
    func end() { unsafe connection = nil }
}
