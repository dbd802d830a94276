internal import CUV
internal import Glibc

/// Which ports of this machine are free. True at the moment of asking only.
package enum TCPPort {
    /// Whether a server could listen on the port of all addresses. False also when others share it (`SO_REUSEPORT`).
    package static func isFree(_ port: Int) -> Bool { bound(to: port) != nil }

    /// A port that nobody uses, from the range the system gives out.
    package static func anyFree() -> Int? { bound(to: 0) }

    /// Binds a socket for an instant. Returns its port.
    private static func bound(to port: Int) -> Int? {
        let descriptor = Descriptor(owning: socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
        guard descriptor.rawValue >= 0, let number = UInt16(exactly: port) else { return nil }
        var one: Int32 = 1
        // Connections that linger from a server that has ended do not count.
        unsafe setsockopt(
            descriptor.rawValue, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = number.bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(descriptor.rawValue, address, length) == 0
                    && listen(descriptor.rawValue, 1) == 0
                    && getsockname(descriptor.rawValue, address, &length) == 0
            }
        }
        return isBound ? Int(UInt16(bigEndian: address.sin_port)) : nil
    }
}
