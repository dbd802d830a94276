// glibc's socket types belong to whichever of these modules the compiler reads first.
internal import CLibCurl
internal import CMicroHTTPD
internal import CUV
internal import Glibc

/// A bound and listening socket. The owner of the descriptor is whoever made it: `HTTPServer` closes it.
struct ListeningSocket {
    let descriptor: Int32
    /// The port that was taken; 0 for a Unix socket.
    let port: Int

    /// Several processes may share a TCP port (`SO_REUSEPORT`); the kernel spreads connections over them.
    /// Looks up `host` with a blocking call when it is a name: for the start of a program only.
    init(_ endpoint: HTTPEndpoint, backlog: Int32 = 4096) throws(HTTPServerError) {
        switch endpoint {
        case .tcp(let host, let port): try self.init(host: host, port: port, backlog: backlog)
        case .unix(let path): try self.init(path: path, backlog: backlog)
        }
    }

    private init(host: String, port: Int, backlog: Int32) throws(HTTPServerError) {
        var hints = unsafe addrinfo()
        unsafe hints.ai_flags = AI_PASSIVE
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let status = unsafe getaddrinfo(host.isEmpty ? nil : host, "\(port)", &hints, &found)
        guard status == 0, let address = unsafe found else { throw .unknownHost(host) }
        defer { unsafe freeaddrinfo(address) }

        let descriptor = try Self.open(unsafe address.pointee.ai_family)
        Self.set(descriptor, SOL_SOCKET, SO_REUSEADDR)
        Self.set(descriptor, SOL_SOCKET, SO_REUSEPORT)
        let length = unsafe address.pointee.ai_addrlen
        let bound = unsafe bind(descriptor, address.pointee.ai_addr, length)
        try Self.finish(descriptor, bound: bound, backlog: backlog, .tcp(host: host, port: port))
        self.descriptor = descriptor
        self.port = Self.boundPort(descriptor)
    }

    private init(path: String, backlog: Int32) throws(HTTPServerError) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < capacity else {
            throw .system(call: "bind", reason: "a socket's path may have \(capacity - 1) bytes at most")
        }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        func withAddress(_ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
            unsafe withUnsafePointer(to: &address) {
                unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe call($0, length) }
            }
        }

        // Only a socket that nobody listens on refuses; a living server's is left alone and `bind` then fails.
        let probe = try Self.open(AF_UNIX)
        if unsafe withAddress({ unsafe connect(probe, $0, $1) }) != 0, errno == ECONNREFUSED { unsafe unlink(path) }
        close(probe)

        let descriptor = try Self.open(AF_UNIX)
        let bound = unsafe withAddress { unsafe bind(descriptor, $0, $1) }
        try Self.finish(descriptor, bound: bound, backlog: backlog, .unix(path: path))
        self.descriptor = descriptor
        port = 0
    }

    private static func open(_ family: Int32) throws(HTTPServerError) -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(family, kind, 0)
        guard descriptor >= 0 else { throw .last("socket") }
        return descriptor
    }

    private static func finish(
        _ descriptor: Int32, bound: Int32, backlog: Int32, _ endpoint: HTTPEndpoint
    ) throws(HTTPServerError) {
        if bound == 0, listen(descriptor, backlog) == 0 { return }
        let error: HTTPServerError = errno == EADDRINUSE ? .addressInUse(endpoint) : .last("bind")
        close(descriptor)
        throw error
    }

    private static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32) {
        var one: Int32 = 1
        unsafe setsockopt(descriptor, level, option, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func boundPort(_ descriptor: Int32) -> Int {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        unsafe withUnsafeMutablePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = unsafe getsockname(descriptor, $0, &length)
            }
        }
        // The port is at the same place in both families: right behind the family.
        return unsafe withUnsafeBytes(of: &address) {
            unsafe Int(UInt16(bigEndian: $0.load(fromByteOffset: 2, as: UInt16.self)))
        }
    }
}

extension HTTPServerError {
    /// What `errno` says about the call that just failed.
    static func last(_ call: String) -> HTTPServerError {
        .system(call: call, reason: unsafe String(cString: strerror(errno)))
    }
}
