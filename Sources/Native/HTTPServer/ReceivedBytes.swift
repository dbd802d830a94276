// glibc's socket types belong to whichever of these modules the compiler reads first.
internal import CLibCurl
internal import CMicroHTTPD
internal import CUV
internal import Glibc

/// What a socket has received so far, by the kernel's count.
enum ReceivedBytes {
    /// Bytes that were read from a TCP socket since it was made; nil for other sockets.
    static func read(from descriptor: Int32) -> Int? {
        // `tcpi_bytes_received` of Linux's `struct tcp_info` (linux/tcp.h, since 4.1), which glibc's lacks.
        let offset = 128
        var info = [UInt64](repeating: 0, count: 32)
        var length = socklen_t(info.count * 8)
        guard unsafe getsockopt(descriptor, Int32(IPPROTO_TCP), TCP_INFO, &info, &length) == 0,
            Int(length) >= offset + 8
        else { return nil }
        return Int(clamping: info[offset / 8]) - unread(in: descriptor)
    }

    /// Bytes that have arrived and were not read.
    static func unread(in descriptor: Int32) -> Int {
        var count: Int32 = 0
        return unsafe ioctl(descriptor, UInt(FIONREAD), &count) == 0 ? Int(count) : 0
    }
}
