import Foundation

/// A client that sends exactly the bytes it is told to and reads one answer at a time. Blocking: use it in `offLoop`.
/// Every call gives up after 5 s.
package final class RawHTTPClient {
    package struct Failure: Error, CustomStringConvertible { package let description: String }

    package struct Answer: Sendable {
        package let status: Int
        package let headers: [(name: String, value: String)]
        package let body: String

        package func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }

    private let descriptor: Int32
    private var buffer: [UInt8] = []

    package init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try prepare(status)
    }

    package init(path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        let status = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try prepare(status)
    }

    deinit { close() }

    private var isClosed = false

    package func close() {
        if !isClosed { Foundation.close(descriptor) }
        isClosed = true
    }

    /// Closes with a reset instead of an end, as a client does that crashed.
    package func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
        close()
    }

    /// Closes our side only.
    package func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    package func send(_ text: String) throws { try send(Array(text.utf8)) }

    package func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Foundation.send(
                    descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(description: "cannot send: errno \(errno)") }
            sent += count
        }
    }

    package func request(
        _ method: String = "GET", _ target: String = "/", headers: [String] = [], body: String? = nil
    ) throws {
        var text = "\(method) \(target) HTTP/1.1\r\nHost: test\r\n"
        for header in headers { text += header + "\r\n" }
        if let body { text += "Content-Length: \(body.utf8.count)\r\n" }
        try send(text + "\r\n" + (body ?? ""))
    }

    /// - Parameter toHead: the answer has no body, whatever its length says.
    package func answer(toHead: Bool = false) throws -> Answer {
        while true {
            if let end = buffer.firstRange(of: Array("\r\n\r\n".utf8)) {
                let lines = String(decoding: buffer[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
                let headers = lines.dropFirst().map { line in
                    let parts = line.split(separator: ":", maxSplits: 1)
                    return (name: String(parts[0]), value: parts[1].trimmingCharacters(in: .whitespaces))
                }
                let stated = headers.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) }
                let length = toHead ? 0 : stated ?? 0
                while buffer.count < end.upperBound + length { try fill() }
                let body = String(decoding: buffer[end.upperBound..<(end.upperBound + length)], as: UTF8.self)
                buffer.removeFirst(end.upperBound + length)
                guard let status = Int(lines[0].split(separator: " ")[1]) else {
                    throw Failure(description: "no status in \(lines[0])")
                }
                return Answer(status: status, headers: headers, body: body)
            }
            try fill()
        }
    }

    /// Whether the server closes (or has closed) the connection without sending more.
    package func isEnded() throws -> Bool {
        guard buffer.isEmpty else { return false }
        var byte: UInt8 = 0
        let count = unsafe recv(descriptor, &byte, 1, 0)
        if count == 0 || (count < 0 && errno == ECONNRESET) { return true }
        if count < 0 { throw Failure(description: "still open: errno \(errno)") }
        buffer.append(byte)
        return false
    }

    private func prepare(_ status: Int32) throws {
        guard status == 0 else {
            isClosed = true
            let reason = errno
            Foundation.close(descriptor)
            throw Failure(description: "cannot connect: errno \(reason)")
        }
        var limit = timeval(tv_sec: 5, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            unsafe setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    private func fill() throws {
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 65536) { space, count in
            count = unsafe max(0, recv(descriptor, space.baseAddress, space.count, 0))
        }
        guard !bytes.isEmpty else { throw Failure(description: "the answer ends early: errno \(errno)") }
        buffer += bytes
    }
}
