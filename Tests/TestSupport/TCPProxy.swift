import Foundation

/// Passes bytes on between its clients and a server on this machine, until it is told to misbehave: then it does what
/// networks do and no honest server does. New connections are always honest.
package final class TCPProxy: @unchecked Sendable {
    package let port: Int
    /// Both immutable after `init`.
    private let descriptor: Int32
    private let target: Int
    private let links = Links()

    /// Begins to listen on a free port.
    ///
    /// - Parameter watch: makes one for each connection.
    package init(to target: Int, watch: (@Sendable () -> any ProxyWatch)? = nil) throws {
        self.target = target
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.descriptor = descriptor
        var address = Self.loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = unsafe withUnsafeMutablePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
            }
        }
        guard status == 0, listen(descriptor, 64) == 0 else { throw POSIXError(.EADDRINUSE) }
        port = Int(UInt16(bigEndian: address.sin_port))
        let links = links
        Thread {
            while true {
                let client = accept(descriptor, nil, nil)
                if client < 0 { return }
                guard let server = Self.connect(to: target) else {
                    close(client)
                    continue
                }
                TCPProxyLink(client: client, server: server, watch: watch?()).start(in: links)
            }
        }.start()
    }

    /// Ends the accepting thread and all connections.
    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
        for link in links.open { link.cut() }
    }

    /// Connections that are open now.
    package var count: Int { links.open.count }

    /// Closes each connection that is open now, at both ends, once so many more bytes of replies have passed.
    package func cutReplies(after bytes: Int) { for link in links.open { link.cutReplies(after: bytes) } }

    /// Makes the connections that are open now half open: neither end is told, and what either sends is dropped.
    package func silence() { for link in links.open { link.silence() } }

    private static func loopback(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    private static func connect(to port: Int) -> Int32? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = loopback(port: port)
        let status = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Foundation.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if status == 0 { return descriptor }
        close(descriptor)
        return nil
    }

    /// The open connections, guarded by a lock.
    final class Links: @unchecked Sendable {
        private let lock = NSLock()
        private var all: [TCPProxyLink] = []

        var open: [TCPProxyLink] { lock.withLock { all } }
        func add(_ link: TCPProxyLink) { lock.withLock { all.append(link) } }
        func remove(_ link: TCPProxyLink) { lock.withLock { all.removeAll { $0 === link } } }
    }
}
