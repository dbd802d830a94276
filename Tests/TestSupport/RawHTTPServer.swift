import Foundation

/// A server that answers exactly what it is told to, for what no honest server does. Each connection is served on a
/// thread of its own by `script`; closing happens when the script returns.
package final class RawHTTPServer: @unchecked Sendable {
    package let port: Int
    /// Immutable after `init`.
    private let descriptor: Int32

    package init(_ script: @escaping @Sendable (Connection) throws -> Void) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.descriptor = descriptor
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        unsafe withUnsafeMutablePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = unsafe bind(descriptor, $0, length)
                _ = unsafe getsockname(descriptor, $0, &length)
            }
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        listen(descriptor, 64)
        Thread {
            while true {
                let accepted = accept(descriptor, nil, nil)
                if accepted < 0 { return }
                Thread {
                    let connection = Connection(descriptor: accepted)
                    try? script(connection)
                    close(accepted)
                }.start()
            }
        }.start()
    }

    /// Ends the accepting thread.
    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    package final class Connection {
        struct Ended: Error {}
        private let descriptor: Int32
        private var buffer: [UInt8] = []

        init(descriptor: Int32) {
            self.descriptor = descriptor
            var limit = timeval(tv_sec: 10, tv_usec: 0)
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        }

        /// Reads one request whose body has a `Content-Length`; returns all its text.
        package func request() throws -> String {
            while true {
                if let end = buffer.firstRange(of: Array("\r\n\r\n".utf8)) {
                    let head = String(decoding: buffer[..<end.lowerBound], as: UTF8.self)
                    let length =
                        head.lowercased().components(separatedBy: "\r\n")
                        .first { $0.hasPrefix("content-length:") }
                        .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
                    while buffer.count < end.upperBound + length { try fill() }
                    let text = String(decoding: buffer[..<(end.upperBound + length)], as: UTF8.self)
                    buffer.removeFirst(end.upperBound + length)
                    return text
                }
                try fill()
            }
        }

        package func send(_ text: String) throws {
            let bytes = Array(text.utf8)
            guard unsafe Foundation.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
                throw Ended()
            }
        }

        /// Waits until the client has closed, dropping what it sends.
        package func waitForEnd() {
            while (try? fill()) != nil { buffer = [] }
        }

        private func fill() throws {
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 65536) { space, count in
                count = unsafe max(0, recv(descriptor, space.baseAddress, space.count, 0))
            }
            guard !bytes.isEmpty else { throw Ended() }
            buffer += bytes
        }
    }
}
